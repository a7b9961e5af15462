import { once } from 'node:events';
import { chmod, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runCommand } from '../lab/command.ts';
import { type DeploymentLab, environmentFile, startDeploymentLab } from '../lab/deployment-lab.ts';
import { httpImage, httpPort } from '../lab/image-kinds.ts';
import { removeImages } from '../lab/images.ts';
import { createTemporaryDirectory } from '../lab/temporary-directory.ts';
import { failedDeployment, finalMessage, resultFile } from './failed-deployment.ts';

let compose: string;
let docker: string;
let setpriv: string;

beforeAll(async () => {
  compose = `services:\n  web:\n    image: ${(await httpImage('web')).reference}\n`;
  [docker, setpriv] = await Promise.all([pathOf('docker'), pathOf('setpriv')]);
});

afterAll(removeImages);

function startLab(environment: Readonly<Record<string, string>> = {}): Promise<DeploymentLab> {
  return startDeploymentLab({ files: { 'compose.yaml': compose }, environment });
}

function pathOf(program: string): Promise<string> {
  return runCommand('sh', ['-c', `command -v ${program}`]);
}

/** What our programs need on a host beside Docker. */
const TOOLS =
  'awk cat chmod cmp cp cut date env find grep head id ln mkdir mktemp mv rm sed setsid sh sha256sum sleep sort sync tail tar timeout touch tr uname wc';

/** Makes a folder for PATH with everything but Docker; `standIn` is the script of a `docker` in front of the real one. */
async function toolsIn(folder: string, standIn?: string): Promise<string> {
  for (const tool of TOOLS.split(' ')) {
    await symlink(await pathOf(tool), join(folder, tool));
  }
  if (standIn === undefined) return folder;
  await writeFile(join(folder, 'docker'), `#!/bin/sh\n${standIn}\n`);
  await chmod(join(folder, 'docker'), 0o755);
  return folder;
}

describe.concurrent('a deployment to a host that is not fit for it changes nothing, and says what to do if', () => {
  test('Docker is missing', async () => {
    await using folder = await createTemporaryDirectory('path');
    await using lab = await startLab({ PATH: await toolsIn(folder.path) });
    const result = await failedDeployment(lab);
    expect(finalMessage(result)).toMatch(
      /Could not use Docker on \S+: docker: .*not found\n {2}→ install Docker Engine and the Compose plugin on the host$/,
    );
    expect((await resultFile(result)).error?.code).toBe('docker-missing');
  });

  test('its Docker daemon is down', async () => {
    await using folder = await createTemporaryDirectory('socket');
    await using lab = await startLab({ DOCKER_HOST: `unix://${folder.path}/docker.sock` });
    const result = await failedDeployment(lab);
    expect(finalMessage(result)).toContain(`Cannot connect to the Docker daemon at unix://${folder.path}/docker.sock`);
    expect(finalMessage(result)).toContain('→ start the Docker daemon on the host: `sudo systemctl start docker`');
    expect((await resultFile(result)).error?.code).toBe('docker-down');
  });

  // Only root can become the user who may not.
  test('the user may not use Docker', async () => {
    await using folder = await createTemporaryDirectory('path');
    const asNobody = `exec ${setpriv} --reuid=65534 --regid=65534 --clear-groups ${docker} "$@"`;
    await using lab = await startLab({ PATH: await toolsIn(folder.path, asNobody) });
    const result = await failedDeployment(lab);
    expect(finalMessage(result)).toContain('permission denied while trying to connect to the Docker daemon');
    expect(finalMessage(result)).toContain(`\`sudo usermod -aG docker ${lab.host.user}\`, then connect again`);
    expect((await resultFile(result)).error?.code).toBe('docker-denied');
  });

  test('Compose is too old', async () => {
    await using folder = await createTemporaryDirectory('path');
    const old = `[ "$*" != 'compose version --short' ] || { echo 2.20.0; exit; }\nexec ${docker} "$@"`;
    await using lab = await startLab({ PATH: await toolsIn(folder.path, old) });
    const result = await failedDeployment(lab);
    expect(finalMessage(result)).toMatch(
      /Could not use Docker Compose on \S+: version 2\.20\.0\n {2}→ install the Compose plugin 2\.24 or newer/,
    );
    expect((await resultFile(result)).error?.code).toBe('compose-too-old');
  });

  test('Compose is missing', async () => {
    await using folder = await createTemporaryDirectory('path');
    const without = `[ "$1" != compose ] || { shift; set -- no-such-plugin "$@"; }\nexec ${docker} "$@"`;
    await using lab = await startLab({ PATH: await toolsIn(folder.path, without) });
    const result = await failedDeployment(lab);
    expect(finalMessage(result)).toMatch(
      /Could not use Docker Compose on \S+: it is not there; `docker compose version` says: .+\n {2}→ install the Compose plugin 2\.24 or newer/,
    );
    expect((await resultFile(result)).error?.code).toBe('compose-missing');
  });

  test('the state folder cannot be written', async () => {
    await using lab = await startLab();
    const stateDir = '/proc/gitops';
    await lab.commit({ 'environment.yml': environmentFile({ ...lab.host, stateDir }, '  deadline: 20s\n') });
    const result = await failedDeployment(lab);
    expect(finalMessage(result).split('\n')).toContain(
      `  → run on the host: sudo install -d -m 0700 -o ${lab.host.user} ${stateDir}`,
    );
    expect((await resultFile(result)).error?.code).toBe('state-unwritable');
  });

  test('an image is not found', async () => {
    await using lab = await startLab();
    await lab.commit({ 'compose.yaml': 'services:\n  web:\n    image: 127.0.0.1:1/nothing/here:1\n' });
    const result = await failedDeployment(lab);
    expect(finalMessage(result)).toMatch(/Could not pull 127\.0\.0\.1:1\/nothing\/here:1 on \S+: .*connection refused/);
    expect(finalMessage(result)).toContain('→ start the registry, or make it reachable from the host');
    expect((await resultFile(result)).error?.code).toBe('image-not-pulled');
  });
});

test('a port that is in use is named, and nothing of the deployment stays', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  await using lab = await startLab();
  await lab.commit({ 'compose.yaml': `${compose}    ports: ["127.0.0.1:${port}:${httpPort}"]\n` });
  const result = await lab.deploy();
  server.close();
  expect(result.outputs, result.log).toMatchObject({ outcome: 'rolled-back', release: '', 'previous-release': '' });
  expect(result.exitCode).toBe(1);
  expect(finalMessage(result)).toMatch(
    new RegExp(`Could not apply the step "up" on .*127\\.0\\.0\\.1:${port}: bind: address already in use`, 's'),
  );
  expect((await lab.containers()).size).toBe(0);
  expect(await lab.current()).toBe('');
});
