import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { type DeploymentLab, startDeploymentLab } from '../lab/deployment-lab.ts';
import { healthyImage, httpPort, unhealthyImage } from '../lab/image-kinds.ts';
import { removeImages } from '../lab/images.ts';
import { freePort } from '../lab/loopback-port.ts';

const [web, sick] = await Promise.all([healthyImage('one'), unhealthyImage()]);

afterAll(removeImages);

/** A service with a volume, a folder that it writes to, and a file that git brings into another such folder. */
function compose({ image = web.reference, volume = '' } = {}): string {
  return `services:
  web:
    image: ${image}
    volumes: [data:/data, ./uploads:/uploads, ./conf:/conf]
volumes:
  data: { ${volume} }
`;
}

const FILES = { 'shop/compose.yaml': compose(), 'shop/conf/app.conf': 'git\n' };

/** An environment whose only stack has a name and a folder of its own, deployed and with data in it. */
async function deployedLab(): Promise<DeploymentLab> {
  const lab = await startDeploymentLab({ files: FILES });
  await rename(lab, `${lab.project}-old`, 'shop', FILES);
  expect((await lab.deploy()).outputs['outcome']).toBe('deployed');
  await write(lab, `${lab.project}-old`);
  return lab;
}

async function rename(
  lab: DeploymentLab,
  name: string,
  path: string,
  files: Readonly<Record<string, string>>,
): Promise<void> {
  const text = await readFile(join(lab.repository.path, 'environments/lab/environment.yml'), 'utf8');
  const [head = ''] = text.split('stacks:\n');
  await lab.commit({ 'environment.yml': `${head}stacks:\n  - { name: ${name}, path: ${path} }\n`, ...files });
}

function inWeb(lab: DeploymentLab, stack: string, line: string): Promise<string> {
  return lab.sh(`docker exec ${stack}-web-1 sh -c '${line}'`);
}

async function write(lab: DeploymentLab, stack: string): Promise<void> {
  await inWeb(lab, stack, 'echo kept >/data/v; echo kept >/uploads/u; echo kept >/conf/own');
}

async function expectData(lab: DeploymentLab, stack: string): Promise<void> {
  expect(await inWeb(lab, stack, 'cat /data/v /uploads/u /conf/own /conf/app.conf')).toBe('kept\nkept\nkept\ngit');
}

async function withLab(work: (lab: DeploymentLab, old: string, young: string) => Promise<void>): Promise<void> {
  const lab = await deployedLab();
  const [old, young] = [`${lab.project}-old`, `${lab.project}-young`];
  try {
    await work(lab, old, young);
  } finally {
    await lab.removeStack(young);
    await lab.removeStack(old);
    await lab[Symbol.asyncDispose]();
  }
}

describe.concurrent('a stack', () => {
  test('whose folder moves finds its data', () =>
    withLab(async (lab, old) => {
      await lab.repository.remove('environments/lab/shop');
      const moved = { 'apps/shop/compose.yaml': compose(), 'apps/shop/conf/app.conf': 'git\n' };
      await rename(lab, old, 'apps/shop', moved);
      const { outputs, log } = await lab.deploy();
      expect(['deployed', 'unchanged'], log).toContain(outputs['outcome']);
      await expectData(lab, old);
      expect((await lab.deploy()).outputs['outcome']).toBe('unchanged');
    }));

  test('whose name changes is refused while its volume would stay behind, and finds its data when that is named', () =>
    withLab(async (lab, old, young) => {
      await rename(lab, young, 'shop', FILES);
      const refused = await lab.deploy();
      expect(refused.outputs).toMatchObject({ outcome: 'refused' });
      expect(refused.log).toContain(`name: ${old}_data`);
      await expectData(lab, old);

      const named = { 'shop/compose.yaml': compose({ volume: `name: ${old}_data` }) };
      await rename(lab, young, 'shop', named);
      const { outputs, log } = await lab.deploy();
      expect(outputs, log).toMatchObject({ outcome: 'deployed' });
      await expectData(lab, young);
      expect(await lab.sh(`docker ps -aq --filter label=com.docker.compose.project=${old}`)).toBe('');
      expect(await lab.sh(`docker network ls -q --filter label=com.docker.compose.project=${old}`)).toBe('');
      expect((await lab.deploy()).outputs['outcome']).toBe('unchanged');
    }));

  test('that gets a new name and a new fault keeps its old name', () =>
    withLab(async (lab, old, young) => {
      const before = await lab.sh(`docker inspect --format '{{.Image}} {{.State.Status}}' ${old}-web-1`);
      const bad = { 'shop/compose.yaml': compose({ image: sick.reference, volume: `name: ${old}_data` }) };
      await rename(lab, young, 'shop', bad);
      const { outputs, log } = await lab.deploy();
      expect(outputs, log).toMatchObject({ outcome: 'rolled-back', verdict: 'unhealthy' });
      expect(await lab.sh(`docker inspect --format '{{.Image}} {{.State.Status}}' ${old}-web-1`)).toBe(before);
      expect(await lab.sh(`docker ps -aq --filter label=com.docker.compose.project=${young}`)).toBe('');
      await expectData(lab, old);
    }));

  test('that is taken out of the environment goes, and its volumes stay', () =>
    withLab(async (lab, old) => {
      await rename(lab, lab.project, '.', { 'compose.yaml': `services:\n  other:\n    image: ${web.reference}\n` });
      const { outputs, log } = await lab.deploy();
      expect(outputs, log).toMatchObject({ outcome: 'deployed' });
      expect(log).toMatch(/- .*web +delete +its stack is no longer in environment.yml/);
      expect(await lab.sh(`docker ps -aq --filter label=com.docker.compose.project=${old}`)).toBe('');
      expect(await lab.sh(`docker volume ls -q --filter label=com.docker.compose.project=${old}`)).toBe(`${old}_data`);
    }));

  test('whose port somebody else holds changes nothing, and says how that one would be taken over', async () => {
    const port = await freePort('127.0.0.1');
    const text = `services:\n  web:\n    image: ${web.reference}\n    ports: ['127.0.0.1:${port}:${httpPort}']\n`;
    await using lab = await startDeploymentLab({ files: { 'compose.yaml': text } });
    const other = `${lab.project}-by-hand`;
    await lab.sh(`docker compose -p ${other} -f - up -d`, text);
    try {
      const result = await lab.deploy();
      expect(result.outputs, result.log).toMatchObject({ outcome: 'failed-before-change' });
      expect(result.log).toContain(`the port ${port}/tcp of web is held by the container ${other}-web-1`);
      expect(result.log).toContain(`name the stack ${other}`);
      expect((await lab.containers()).size).toBe(0);
    } finally {
      await lab.removeStack(other);
    }
  });
});
