import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { ActionResult } from '../lab/action-runner.ts';
import { type DeploymentLab, environmentFile, startDeploymentLab } from '../lab/deployment-lab.ts';
import { sleeperImage } from '../lab/image-kinds.ts';
import { removeImages } from '../lab/images.ts';
import { type LabRegistry, startRegistry } from '../lab/registry.ts';
import { failedDeployment, finalMessage, resultFile } from './failed-deployment.ts';

let registry: LabRegistry;
const images: string[] = [];

beforeAll(async () => {
  registry = await startRegistry();
  for (const tag of ['v1', 'v2']) images.push((await sleeperImage(tag)).reference);
});

afterAll(async () => {
  await registry[Symbol.asyncDispose]();
  await removeImages();
});

function push(name: string, version: 1 | 2 = 1): Promise<string> {
  return registry.push(images[version - 1] ?? '', name);
}

function compose(reference: string, more = ''): string {
  return `services:\n  web:\n    image: ${reference}\n${more}`;
}

interface LabFiles {
  readonly reference: string;
  readonly more?: string;
  readonly password?: string;
  readonly host?: string;
}

/** A lab whose environment logs in to the registry. */
async function startLab({ reference, more, password = registry.password, host = registry.host }: LabFiles) {
  const lab = await startDeploymentLab({
    files: { 'compose.yaml': compose(reference, more), '.env': `REGISTRY_TOKEN=${password}\n` },
  });
  const health = '  deadline: 20s\n  stability: 500ms\n  confirmTimeout: 5s\n';
  const login = `registries:\n  - host: ${host}\n    username: ${registry.username}\n    password: \${REGISTRY_TOKEN}\n`;
  await lab.commit({ 'environment.yml': environmentFile(lab.host, health) + login });
  return lab;
}

/** Files below a folder that hold a text, in whatever form a login is written. */
function filesWith(folder: string, password: string): readonly string[] {
  const auth = Buffer.from(`${registry.username}:${password}`).toString('base64');
  try {
    return execFileSync('grep', ['-rlaF', '-e', password, '-e', auth, folder], { encoding: 'utf8' }).trim().split('\n');
  } catch {
    return [];
  }
}

function shown({ rawLog, summary, outputs }: ActionResult): string {
  return rawLog.replaceAll(/^::add-mask::.*$/gm, '') + summary + JSON.stringify(outputs);
}

async function imageIdOf(lab: DeploymentLab): Promise<string> {
  const id = (await lab.containers()).get('web')?.id ?? '';
  return lab.sh(`docker inspect --format '{{.Image}}' ${id}`);
}

test.concurrent('a private image is pulled, and the login is left nowhere', async () => {
  const reference = await push('private:1');
  await using lab = await startLab({ reference });
  const result = await lab.deploy();
  expect(result.outputs, result.log).toMatchObject({ outcome: 'deployed' });
  expect(result.log).toMatch(new RegExp(`Pulling ${reference}\n[^]*Pulled ${reference} \\(\\d+ s\\)`));
  expect(filesWith(lab.host.stateDir, registry.password)).toEqual([]);
  expect(filesWith(join(homedir(), '.docker'), registry.password)).toEqual([]);
  expect(shown(result)).not.toContain(registry.password);
  expect(shown(result)).not.toContain(Buffer.from(`${registry.username}:${registry.password}`).toString('base64'));
});

test.concurrent('a rotated token changes nothing, not even the record', async () => {
  const reference = await push('rotated:1');
  await using lab = await startLab({ reference });
  await lab.deploy();
  const before = await lab.ids();
  await lab.commit({ '.env': 'REGISTRY_TOKEN=another-one\n' });
  const result = await lab.deploy();
  expect(result.outputs, result.log).toMatchObject({ outcome: 'unchanged', changes: '0' });
  expect(await lab.ids()).toEqual(before);
});

test.concurrent('a wrong password names the registry and the line', async () => {
  const reference = await push('wrong:1');
  await using lab = await startLab({ reference, password: 'not-the-password' });
  const result = await failedDeployment(lab);
  expect(finalMessage(result)).toContain(
    `${registry.host} does not accept the login of environments/lab/environment.yml:`,
  );
  expect(finalMessage(result)).toContain('→ correct user name and password of environments/lab/environment.yml:');
  expect((await resultFile(result)).error?.code).toBe('image-not-pulled');
  expect(shown(result)).not.toContain('not-the-password');
  expect(filesWith(lab.host.stateDir, 'not-the-password')).toEqual([]);
});

test.concurrent('a missing login names the key to add', async () => {
  const reference = await push('nologin:1');
  await using lab = await startDeploymentLab({ files: { 'compose.yaml': compose(reference) } });
  const message = finalMessage(await failedDeployment(lab));
  expect(message).toContain(`${registry.host} wants a login`);
  expect(message).toContain(
    `add a login for \`${registry.host}\` to \`registries:\` in environments/lab/environment.yml`,
  );
});

test.concurrent.each([
  ['an image', 'nobody/pushed-this:1'],
  ['a tag', 'known:2'],
])('%s that does not exist is called so', async (_, name) => {
  await push('known:1');
  await using lab = await startLab({ reference: `${registry.host}/${name}` });
  const message = finalMessage(await failedDeployment(lab));
  expect(message).toContain(`${registry.host} has no such image or tag`);
  expect(message).toContain('→ correct the image name or tag, or push it first');
});

test.concurrent('a variable that is not set is refused before the host is reached', async () => {
  const reference = `${registry.host}/private:1`;
  await using lab = await startLab({ reference });
  await lab.commit({ '.env': 'OTHER=1\n' });
  const message = finalMessage(await failedDeployment(lab));
  expect(message).toMatch(/environment\.yml:\d+:\d+: variable `REGISTRY_TOKEN` is not set → set `REGISTRY_TOKEN` in/);
});

test.concurrent('a moved tag alone changes nothing, and `pull_policy: always` picks it up', async () => {
  const reference = await push('moving:1');
  await using lab = await startLab({ reference });
  await lab.deploy();
  const [before, image] = [await lab.ids(), await imageIdOf(lab)];
  await push('moving:1', 2);
  const still = await lab.deploy();
  expect(still.outputs, still.log).toMatchObject({ outcome: 'unchanged' });
  expect(await lab.ids()).toEqual(before);

  await lab.commit({ 'compose.yaml': compose(reference, '    pull_policy: always\n') });
  const always = await lab.deploy();
  expect(always.outputs, always.log).toMatchObject({ outcome: 'deployed', changes: '1' });
  expect(await imageIdOf(lab)).not.toBe(image);
});

test.concurrent('an image that is here but can not be pulled is used with a warning', async () => {
  await using own = await startRegistry();
  const reference = await own.push(images[0] ?? '', 'here:1');
  await using lab = await startLab({ reference, password: own.password, host: own.host });
  await lab.deploy();
  await own.stop();
  await lab.commit({ 'compose.yaml': compose(reference, '    pull_policy: always\n    environment: { A: "1" }\n') });
  const result = await lab.deploy();
  expect(result.outputs, result.log).toMatchObject({ outcome: 'deployed' });
  expect((await resultFile(result)).warnings).toEqual([
    expect.stringMatching(
      new RegExp(`^${reference} could not be pulled and is used as it is .*: nobody answers at ${own.host}`),
    ),
  ]);
});

test.concurrent('a registry that is down is told from one that refuses', async () => {
  await using own = await startRegistry();
  await own.stop();
  await using lab = await startLab({ reference: `${own.host}/gone:1`, host: own.host });
  expect(finalMessage(await failedDeployment(lab))).toContain(`nobody answers at ${own.host}`);
});

test.concurrent('a cancelled run ends the pull on the host', async () => {
  const server = createServer(() => undefined).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const host = `127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
  await using lab = await startLab({ reference: `${host}/silent:1`, host });
  const run = lab.start();
  await Promise.all([once(server, 'connection'), run.waitForLog(/Pulling /)]);
  run.cancel();
  const result = await run.done;
  expect(result.outputs, result.log).toMatchObject({ outcome: 'failed-before-change' });
  await vi.waitFor(() => expect(lab.host.processes()).toEqual([]), { timeout: 60_000, interval: 100 });
  expect(filesWith(lab.host.stateDir, registry.password)).toEqual([]);
  server.close();
});
