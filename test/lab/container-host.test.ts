import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { CommandFailed, runCommand } from './command.ts';
import { startContainerHost } from './container-host.ts';
import { type OwnedMachine, startMachine } from './container-machine.ts';

let machine: OwnedMachine;

beforeAll(async () => {
  machine = await startMachine();
});

afterAll(() => machine[Symbol.asyncDispose]());

describe.each(['root', 'gitops'] as const)('as %s', (user) => {
  test('a command runs over SSH on a host of its own, whose keys are pinned', async () => {
    await using host = await startContainerHost(machine, { user, environment: () => ({ LAB_NAME: 'two "words"' }) });
    expect(await runCommand('ssh', [...host.sshArguments, 'echo "$LAB_NAME $USER"'])).toBe(`two "words" ${user}`);
    expect(host.knownHosts).toMatch(/^\[127\.0\.0\.1\]:\d+ ssh-ed25519 \S+$/);
    expect(await host.sh(`id -un; test ! -e ${host.stateDir} && mkdir ${host.stateDir}`)).toBe(user);
  });

  test('Docker and Compose answer over SSH and past it', async () => {
    await using host = await startContainerHost(machine, { user });
    const question = 'docker version --format {{.Server.Version}} && docker compose version --short';
    const answer = await runCommand('ssh', [...host.sshArguments, question]);
    expect(answer).toMatch(/^\d+\.\d+\.\d+\S*\n\d+\.\d+\.\d+/);
    expect(await host.sh(question)).toBe(answer);
  });

  test('cutting the connection ends the client of this host alone and leaves the command running', async () => {
    await using host = await startContainerHost(machine, { user });
    await using other = await startContainerHost(machine, { user });
    const [cut, kept] = await Promise.all([sleeper(host), sleeper(other)]);
    host.cutConnections();
    expect((await once(cut, 'exit'))[0]).toBe(255);
    expect(await host.processes()).not.toHaveLength(0);
    expect(kept.exitCode).toBe(null);
  });

  test('a stopped host leaves no process behind, not even one in a session of its own', async () => {
    const host = await startContainerHost(machine, { user });
    await runCommand('ssh', [...host.sshArguments, 'setsid sleep 600 >/dev/null 2>&1 </dev/null &']);
    expect(await host.processes()).not.toHaveLength(0);
    await host.stop();
    expect(await host.processes()).toHaveLength(0);
    await host.sh(`test ! -e ${host.directory}`);
    await expect(runCommand('ssh', [...host.sshArguments, 'true'])).rejects.toThrow(CommandFailed);
  });
});

test('a guest may log in and may not use Docker', async () => {
  await using host = await startContainerHost(machine, { user: 'guest' });
  await expect(runCommand('ssh', [...host.sshArguments, 'docker ps'])).rejects.toThrow('permission denied');
});

test('a sudoer may use Docker by sudo, and do nothing else as root', async () => {
  await using newer = await startMachine({ engine: 'sid', compose: 'sid' });
  for (const each of [machine, newer]) {
    await using host = await startContainerHost(each, { user: 'sudoer' });
    const ssh = (line: string) => runCommand('ssh', [...host.sshArguments, line]);
    const question = 'docker version --format {{.Server.Version}} && sudo -n docker compose version --short';
    expect(await ssh(`sudo -n ${question}`)).toMatch(/^\d+\.\d+\.\d+\S*\n\d+\.\d+\.\d+/);
    await expect(ssh('docker ps')).rejects.toThrow('permission denied');
    await expect(ssh('sudo -n id')).rejects.toThrow('password is required');
  }
});

test('several machines at once are of different releases and have nothing in common', async () => {
  await using newer = await startMachine({ engine: 'sid', compose: 'sid', store: 'containerd' });
  const question = ['docker', 'info', '--format', '{{.ServerVersion}} {{.ID}} {{.DriverStatus}}'];
  const [older, latest] = await Promise.all([machine.run(question), newer.run(question)]);
  expect(latest).not.toBe(older);
  expect(latest).toContain('io.containerd.snapshotter');
  expect(newer.hostKey).not.toBe(machine.hostKey);
});

test('a machine and its volume go when the process that started it is killed', async () => {
  const script = `
    import { startMachine } from ${JSON.stringify(new URL('./container-machine.ts', import.meta.url).href)};
    console.log((await startMachine()).name);
    setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const name = String((await once(child.stdout, 'data'))[0]).trim();
  const format = '{{range .Mounts}}{{.Name}}{{end}}';
  const volume = await runCommand('docker', ['inspect', '--format', format, name]);
  child.kill('SIGKILL');
  await vi.waitFor(async () => {
    expect(await runCommand('docker', ['ps', '--all', '--quiet', '--filter', `name=${name}`])).toBe('');
    expect(await runCommand('docker', ['volume', 'ls', '--quiet', '--filter', `name=${volume}`])).toBe('');
  }, 60_000);
});

async function sleeper({
  sshArguments,
}: {
  readonly sshArguments: readonly string[];
}): Promise<ReturnType<typeof spawn>> {
  const client = spawn('ssh', [...sshArguments, 'echo ready; exec sleep 600'], { stdio: ['ignore', 'pipe', 'ignore'] });
  await once(client.stdout, 'data');
  return client;
}
