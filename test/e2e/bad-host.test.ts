import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runCommand } from '../lab/command.ts';
import { startContainerHost } from '../lab/container-host.ts';
import {
  type DeploymentLab,
  type DeploymentLabOptions,
  environmentFile,
  startDeploymentLab,
} from '../lab/deployment-lab.ts';
import { hostKind } from '../lab/host.ts';
import { httpImage, httpPort } from '../lab/image-kinds.ts';
import { removeImages } from '../lab/images.ts';
import { thisMachine } from '../lab/machine.ts';
import { sharedMachine } from '../lab/shared-machine.ts';
import { failedDeployment, finalMessage, resultFile } from './failed-deployment.ts';

let compose: string;

beforeAll(async () => {
  compose = `services:\n  web:\n    image: ${(await httpImage('web')).reference}\n`;
});

afterAll(removeImages);

function startLab(options: Partial<DeploymentLabOptions> = {}): Promise<DeploymentLab> {
  return startDeploymentLab({ files: { 'compose.yaml': compose }, ...options });
}

/** What our programs need on a host beside Docker. */
const TOOLS =
  'awk cat chmod cmp cp cut date env find grep head id ln mkdir mktemp mv rm sed setsid sh sha256sum sleep sort stat sync tail tar timeout touch tr uname wc';

/**
 * A host whose PATH has everything but Docker; `standIn` is the script of a `docker` there, in which DOCKER stands for the
 * real one.
 */
async function startLabWithDocker(standIn?: string): Promise<DeploymentLab> {
  const lab = await startLab({ environment: (directory) => ({ PATH: `${directory}/path` }) });
  const path = `${lab.host.directory}/path`;
  await lab.sh(`mkdir ${path}; for tool in ${TOOLS}; do ln -s "$(command -v "$tool")" ${path}; done`);
  if (standIn === undefined) return lab;
  const script = standIn.replaceAll('DOCKER', await lab.sh('command -v docker'));
  await lab.sh(`cat >${path}/docker && chmod +x ${path}/docker`, `#!/bin/sh\n${script}\n`);
  return lab;
}

/** In a container there is a user who may not use Docker; on this machine only root can become one. */
async function startLabWithoutDocker(): Promise<DeploymentLab> {
  if (hostKind !== 'loopback') return startLab({ host: await startContainerHost(sharedMachine(), { user: 'guest' }) });
  const setpriv = await thisMachine.run(['sh', '-c', 'command -v setpriv']);
  return startLabWithDocker(`exec ${setpriv} --reuid=65534 --regid=65534 --clear-groups DOCKER "$@"`);
}

describe.concurrent('a deployment to a host that is not fit for it changes nothing, and says what to do if', () => {
  test('Docker is missing', async () => {
    await using lab = await startLabWithDocker();
    const result = await failedDeployment(lab);
    expect(finalMessage(result)).toMatch(
      /Could not use Docker on \S+: docker: .*not found\n {2}→ install Docker Engine and the Compose plugin on the host$/,
    );
    expect((await resultFile(result)).error?.code).toBe('docker-missing');
  });

  test('its Docker daemon is down', async () => {
    const socket = 'unix:///nowhere/docker.sock';
    await using lab = await startLab({ environment: () => ({ DOCKER_HOST: socket }) });
    const result = await failedDeployment(lab);
    expect(finalMessage(result)).toContain(`Cannot connect to the Docker daemon at ${socket}`);
    expect(finalMessage(result)).toContain('→ start the Docker daemon on the host: `sudo systemctl start docker`');
    expect((await resultFile(result)).error?.code).toBe('docker-down');
  });

  test('the user may not use Docker', async () => {
    await using lab = await startLabWithoutDocker();
    const result = await failedDeployment(lab);
    expect(finalMessage(result)).toContain('permission denied while trying to connect to the Docker daemon');
    expect(finalMessage(result)).toContain(`\`sudo usermod -aG docker ${lab.host.user}\`, then connect again`);
    expect((await resultFile(result)).error?.code).toBe('docker-denied');
  });

  test('Compose is too old', async () => {
    await using lab = await startLabWithDocker(
      `[ "$*" != 'compose version --short' ] || { echo 2.20.0; exit; }\nexec DOCKER "$@"`,
    );
    const result = await failedDeployment(lab);
    expect(finalMessage(result)).toMatch(
      /Could not use Docker Compose on \S+: version 2\.20\.0\n {2}→ install the Compose plugin 2\.24 or newer/,
    );
    expect((await resultFile(result)).error?.code).toBe('compose-too-old');
  });

  test('Compose is missing', async () => {
    await using lab = await startLabWithDocker(
      `[ "$1" != compose ] || { shift; set -- no-such-plugin "$@"; }\nexec DOCKER "$@"`,
    );
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
  await using lab = await startLab();
  // The port of the host's SSH server, as the host knows it.
  const port = await runCommand('ssh', [...lab.host.sshArguments, 'echo "${SSH_CONNECTION##* }"']);
  await lab.commit({ 'compose.yaml': `${compose}    ports: ["127.0.0.1:${port}:${httpPort}"]\n` });
  const result = await lab.deploy();
  expect(result.outputs, result.log).toMatchObject({ outcome: 'rolled-back', release: '', 'previous-release': '' });
  expect(result.exitCode).toBe(1);
  expect(finalMessage(result)).toMatch(
    new RegExp(`Could not apply the step "up" on .*127\\.0\\.0\\.1:${port}:.*address already in use`, 's'),
  );
  expect((await lab.containers()).size).toBe(0);
  expect(await lab.current()).toBe('');
});
