import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { readIdentity } from './identity.ts';

let home: string;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'identity-'));
  vi.stubEnv('HOME', home);
  vi.stubEnv('SSH_AUTH_SOCK', undefined);
  vi.stubEnv('GITOPS_SSH_KEY_FILE', undefined);
  vi.stubEnv('GITOPS_SSH_PASSPHRASE', undefined);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(home, { recursive: true });
});

async function keep(name: string): Promise<string> {
  await mkdir(join(home, '.ssh'), { recursive: true });
  const path = join(home, '.ssh', name);
  await writeFile(path, `text of ${name}`);
  await chmod(path, 0o600);
  return path;
}

test('the agent and all keys in ~/.ssh are there to try, the agent first', async () => {
  await keep('id_rsa');
  await keep('id_ed25519');
  await keep('id_other');
  vi.stubEnv('SSH_AUTH_SOCK', '/run/agent');
  const { keys, agentSocket } = await readIdentity({});
  expect(agentSocket).toBe('/run/agent');
  expect(keys.map(({ source, text }) => [source, text])).toEqual([
    ['~/.ssh/id_ed25519', 'text of id_ed25519'],
    ['~/.ssh/id_rsa', 'text of id_rsa'],
  ]);
});

test.each(['option', 'environment'])('a key that is named by the %s is the only one to try', async (way) => {
  const identity = await keep('deploy');
  await keep('id_ed25519');
  vi.stubEnv('SSH_AUTH_SOCK', '/run/agent');
  vi.stubEnv('GITOPS_SSH_KEY_FILE', way === 'environment' ? identity : '/nowhere');
  const { keys, agentSocket } = await readIdentity(way === 'option' ? { identity } : {});
  expect([keys.map((key) => key.source), agentSocket]).toEqual([[identity], undefined]);
});

test('a passphrase comes from the environment', async () => {
  await keep('id_ed25519');
  vi.stubEnv('GITOPS_SSH_PASSPHRASE', 'correct horse');
  expect((await readIdentity({})).keys.map((key) => key.passphrase)).toEqual(['correct horse']);
});

test('an agent is enough', async () => {
  vi.stubEnv('SSH_AUTH_SOCK', '/run/agent');
  expect((await readIdentity({})).keys).toEqual([]);
});

test('nothing at all says where it looked', async () => {
  const looked = /none in ~\/\.ssh, no ssh-agent \(SSH_AUTH_SOCK\), and neither `--identity` nor GITOPS_SSH_KEY_FILE/;
  await expect(readIdentity({})).rejects.toThrow(looked);
});

test('a named key that is not there says so', async () => {
  await expect(readIdentity({ identity: join(home, 'gone') })).rejects.toThrow(/read the private key .*gone: ENOENT/);
});
