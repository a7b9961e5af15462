import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { CommandFailed, runCommand } from './command.ts';
import { startLoopbackHost } from './loopback-host.ts';
import { createKey } from './ssh-login.ts';
import { createTemporaryDirectory } from './temporary-directory.ts';

test('a command runs over SSH on a host of its own, whose keys are pinned', async () => {
  await using host = await startLoopbackHost({ environment: () => ({ LAB_NAME: 'two words' }) });
  expect(await runCommand('ssh', [...host.sshArguments, 'echo "$LAB_NAME"'])).toBe('two words');
  expect(host.knownHosts).toMatch(/^\[127\.0\.0\.1\]:\d+ ssh-ed25519 \S+$/);
  expect(existsSync(host.stateDir)).toBe(false);
});

test('hosts may share the key of one user', async () => {
  await using first = await startLoopbackHost();
  await using keys = await createTemporaryDirectory('key');
  const key = await createKey(keys.path, 'shared');
  await using second = await startLoopbackHost({ key });
  await using third = await startLoopbackHost({ key });
  expect([second.privateKey, third.privateKey]).toEqual([key.private, key.private]);
  expect(second.knownHosts.split(' ')[2]).not.toBe(third.knownHosts.split(' ')[2]);
  for (const host of [first, second, third]) {
    expect(await runCommand('ssh', [...host.sshArguments, 'echo in'])).toBe('in');
  }
});

test('cutting the connection ends the client and leaves the command running', async () => {
  await using host = await startLoopbackHost();
  const client = spawn('ssh', [...host.sshArguments, 'echo ready; exec sleep 600'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  await once(client.stdout, 'data');
  host.cutConnections();
  expect((await once(client, 'exit'))[0]).toBe(255);
  expect(await host.processes()).toHaveLength(1);
});

test('a stopped host leaves no process behind, not even one in a session of its own', async () => {
  const host = await startLoopbackHost();
  await runCommand('ssh', [...host.sshArguments, 'setsid sleep 600 >/dev/null 2>&1 </dev/null &']);
  expect(await host.processes()).not.toHaveLength(0);
  await host.stop();
  expect(await host.processes()).toHaveLength(0);
  expect(existsSync(host.stateDir)).toBe(false);
  await expect(runCommand('ssh', [...host.sshArguments, 'true'])).rejects.toThrow(CommandFailed);
});
