import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { runCommand } from '../lab/command.ts';
import { runProgram } from '../lab/command-line.ts';
import { type DeploymentLab, environmentFile, startDeploymentLab } from '../lab/deployment-lab.ts';
import { healthyImage } from '../lab/image-kinds.ts';
import { removeImages } from '../lab/images.ts';
import { startLoopbackHost } from '../lab/loopback-host.ts';
import { createTemporaryDirectory, type TemporaryDirectory } from '../lab/temporary-directory.ts';
import { failedDeployment, finalMessage } from './failed-deployment.ts';

const PASSPHRASE = 'correct horse battery staple';
afterAll(() => removeImages());

async function startLab(): Promise<DeploymentLab> {
  const compose = `services:\n  web:\n    image: ${(await healthyImage('web')).reference}\n`;
  return startDeploymentLab({ files: { 'compose.yaml': compose } });
}

/** Writes a private key to a file, for programs of OpenSSH. */
async function keyFile(path: string, privateKey: string, passphrase = ''): Promise<string> {
  await writeFile(path, privateKey);
  await chmod(path, 0o600);
  if (passphrase !== '') await runCommand('ssh-keygen', ['-q', '-p', '-P', '', '-N', passphrase, '-f', path]);
  return path;
}

/** Runs `gitops status` with this environment and nothing of ours. */
function status(
  lab: DeploymentLab,
  home: TemporaryDirectory,
  env: Readonly<Record<string, string>>,
): Promise<{ readonly code: number | null; readonly stdout: string; readonly stderr: string }> {
  const program = join(import.meta.dirname, '../../dist/gitops.mjs');
  const words = [program, 'status', 'lab', '--directory', lab.repository.path];
  return runProgram(words, { env: { HOME: home.path, ...env } });
}

/** An ssh-agent that holds these keys. */
async function startAgent(folder: string, keyFiles: readonly string[]) {
  const socket = join(folder, 'agent');
  const agent = spawn('ssh-agent', ['-D', '-a', socket], { stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = once(agent, 'exit');
  await once(agent.stdout, 'data');
  for (const file of keyFiles) await runCommand('env', [`SSH_AUTH_SOCK=${socket}`, 'ssh-add', '-q', file]);
  return {
    socket,
    [Symbol.asyncDispose]: async () => {
      agent.kill('SIGKILL');
      await exited;
    },
  };
}

describe.concurrent('a login', () => {
  test('of the action takes a key with a passphrase, and shows neither', async () => {
    await using lab = await startLab();
    await using folder = await createTemporaryDirectory('login');
    const locked = await readFile(await keyFile(join(folder.path, 'key'), lab.host.privateKey, PASSPHRASE), 'utf8');
    const inputs = { 'ssh-private-key': locked, mode: 'plan' };

    const planned = await lab.deploy({ ...inputs, 'ssh-passphrase': PASSPHRASE });
    expect(planned.outputs['outcome']).toBe('planned');
    expect(planned.masks).toContain(PASSPHRASE);

    const wrong = await failedDeployment(lab, { ...inputs, 'ssh-passphrase': 'wrong horse' });
    expect(finalMessage(wrong)).toContain('the passphrase does not open it');
    expect(finalMessage(await failedDeployment(lab, inputs))).toContain('it is encrypted and no passphrase is given');
    for (const { log } of [planned, wrong]) expect(log.replaceAll(/^::add-mask::.*$/gm, '')).not.toContain('horse');
  });

  test('of the command line takes a passphrase from the environment', async () => {
    await using lab = await startLab();
    await using home = await createTemporaryDirectory('login');
    await mkdir(join(home.path, '.ssh'));
    await keyFile(join(home.path, '.ssh/id_ed25519'), lab.host.privateKey, PASSPHRASE);
    const opened = await status(lab, home, { GITOPS_SSH_PASSPHRASE: PASSPHRASE });
    expect(opened).toMatchObject({ code: 0, stdout: expect.stringContaining('never deployed') });
    const locked = await status(lab, home, {});
    expect(locked).toMatchObject({ code: 2, stderr: expect.stringContaining('(~/.ssh/id_ed25519): it is encrypted') });
  });

  test('of the command line goes through a jump host with the keys of an ssh-agent', async () => {
    await using lab = await startLab();
    await using jump = await startLoopbackHost();
    await using home = await createTemporaryDirectory('login');
    const through = `    jump:\n      - { host: ${jump.host}, port: ${jump.port}, user: ${jump.user} }\n`;
    const environment = environmentFile(lab.host, '  deadline: 20s\n');
    await lab.commit({
      'environment.yml': environment.replace(/( {4}stateDir: .*\n)/, `$1${through}`),
      known_hosts: `${lab.host.knownHosts}\n${jump.knownHosts}\n`,
    });
    const files = [
      await keyFile(join(home.path, 'target'), lab.host.privateKey),
      await keyFile(join(home.path, 'jump'), jump.privateKey),
    ];
    await using agent = await startAgent(home.path, files);
    const reached = await status(lab, home, { SSH_AUTH_SOCK: agent.socket });
    expect(reached).toMatchObject({ code: 0, stdout: expect.stringContaining('never deployed') });
    expect(await jump.log()).toContain('Accepted publickey');
    await jump.stop();
    const gone = await status(lab, home, { SSH_AUTH_SOCK: agent.socket });
    expect(gone).toMatchObject({ code: 5, stderr: expect.stringContaining(`connect to ${jump.host}:${jump.port}`) });
  });
});
