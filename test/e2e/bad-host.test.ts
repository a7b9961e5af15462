import { once } from 'node:events';
import { chmod, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runCommand } from '../lab/command.ts';
import { type DeploymentLab, environmentFile, startDeploymentLab } from '../lab/deployment-lab.ts';
import { httpImage, httpPort } from '../lab/image-kinds.ts';
import { removeImages } from '../lab/images.ts';
import { type LabHost, startLoopbackHost } from '../lab/loopback-host.ts';
import { freePort } from '../lab/loopback-port.ts';
import { createTemporaryDirectory } from '../lab/temporary-directory.ts';
import { failedDeployment, finalMessage, resultFile } from './failed-deployment.ts';

let compose: string;
/** Whose keys are right in form and wrong for every other host. */
let stranger: LabHost;
let docker: string;
let setpriv: string;

beforeAll(async () => {
  compose = `services:\n  web:\n    image: ${(await httpImage('web')).reference}\n`;
  stranger = await startLoopbackHost();
  [docker, setpriv] = await Promise.all([pathOf('docker'), pathOf('setpriv')]);
});

afterAll(async () => {
  await stranger.stop();
  await removeImages();
});

function startLab(environment: Readonly<Record<string, string>> = {}): Promise<DeploymentLab> {
  return startDeploymentLab({ files: { 'compose.yaml': compose }, environment });
}

function pathOf(program: string): Promise<string> {
  return runCommand('sh', ['-c', `command -v ${program}`]);
}

/** `127.0.0.1:PORT` as known_hosts names it. */
function named(lab: DeploymentLab): string {
  return `[${lab.host.host}]:${lab.host.port}`;
}

/** A key of the lab as its known_hosts line has it: type and base64. */
function keyOf({ knownHosts }: LabHost): readonly [type: string, base64: string] {
  const [, type = '', base64 = ''] = knownHosts.trim().split(' ');
  return [type, base64];
}

async function fingerprintOf(host: LabHost): Promise<string> {
  const line = await runCommand('ssh-keygen', ['-lf', '-'], { input: host.knownHosts });
  return /SHA256:\S+/.exec(line)?.[0] ?? '';
}

describe.concurrent('a deployment to a host that cannot be logged in to changes nothing, and says what to do if', () => {
  test('no line of known_hosts is about it', async () => {
    await using lab = await startLab();
    await lab.commit({ known_hosts: '# nobody yet\n' });
    const message = finalMessage(await failedDeployment(lab));
    const [type, base64] = keyOf(lab.host);
    expect(message).toContain(
      `known_hosts has no key for ${named(lab)}; the host shows ${type} ${await fingerprintOf(lab.host)}`,
    );
    expect(message).toContain(`add this line to environments/lab/known_hosts: ${named(lab)} ${type} ${base64}`);
  });

  test('it shows another key', async () => {
    await using lab = await startLab();
    await lab.commit({ known_hosts: `${named(lab)} ${keyOf(stranger).join(' ')}\n` });
    const message = finalMessage(await failedDeployment(lab));
    expect(message).toContain(
      `the host shows ssh-ed25519 ${await fingerprintOf(lab.host)}, but environments/lab/known_hosts pins ssh-ed25519 ${await fingerprintOf(stranger)}`,
    );
    expect(message).toContain('if the host was set up anew, replace its lines');
  });

  test('the input ssh-known-hosts pins another key', async () => {
    await using lab = await startLab();
    const line = `${named(lab)} ${keyOf(stranger).join(' ')}`;
    expect(finalMessage(await failedDeployment(lab, { 'ssh-known-hosts': line }))).toContain(
      'but the input `ssh-known-hosts` pins ssh-ed25519',
    );
  });

  test('a line of known_hosts is damaged', async () => {
    await using lab = await startLab();
    await lab.commit({ known_hosts: `# comment\n${named(lab)} ssh-ed25519\n` });
    expect(finalMessage(await failedDeployment(lab))).toContain(
      'Could not read line 2 of environments/lab/known_hosts: it is not `names type key`',
    );
  });

  test('it refuses the key', async () => {
    await using lab = await startLab();
    const result = await failedDeployment(lab, { 'ssh-private-key': stranger.privateKey });
    const { user, port } = lab.host;
    expect(finalMessage(result)).toContain(
      `Could not connect to ${user}@127.0.0.1:${port}: the host refused the key SHA256:`,
    );
    expect(finalMessage(result)).toContain(`add its public key to ~${user}/.ssh/authorized_keys`);
  });

  test('nothing listens on its port', async () => {
    await using lab = await startLab();
    const port = await freePort('127.0.0.1');
    await lab.commit({ 'environment.yml': environmentFile({ ...lab.host, port }, '  deadline: 20s\n') });
    expect(finalMessage(await failedDeployment(lab))).toContain(
      `Could not connect to 127.0.0.1:${port}: the host refused: nothing listens on this port\n  → check that the host is up`,
    );
  });

  test('its name has no address', async () => {
    await using lab = await startLab();
    await lab.commit({
      'environment.yml': environmentFile({ ...lab.host, host: 'nowhere.invalid' }, '  deadline: 20s\n'),
    });
    expect(finalMessage(await failedDeployment(lab))).toContain('the name nowhere.invalid has no address');
  });
});

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

  test.skipIf(process.getuid?.() !== 0)('the user may not use Docker', async () => {
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
    expect(finalMessage(result)).toContain('→ correct the image name or tag, or make the registry reachable');
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
