import type { RepositoryView } from '@gitops/core';
import { generateX25519Identity, identityToRecipient } from 'age-encryption';
import { beforeAll, expect, test } from 'vitest';
import { encryptSops } from './sops/encrypt.ts';
import { namesWithoutKey, openSecrets } from './stack-secrets.ts';

let identity: string;
let recipient: string;

beforeAll(async () => {
  identity = await generateX25519Identity();
  recipient = await identityToRecipient(identity);
});

const DOTENV = 'DB_PASSWORD="p#ss $word"\nEMPTY=\nHOST=db.example.com\n';

function encrypted(text: string, format: 'dotenv' | 'yaml' | 'binary'): Promise<string> {
  return encryptSops(Buffer.from(text), { format, recipients: [recipient] });
}

function repository(files: Readonly<Record<string, string>>): RepositoryView {
  return {
    ...{ root: '/', prefix: '', commit: '', ancestors: [], uncommitted: [] },
    paths: async () => [],
    list: async () => [],
    stat: async (path) => (path in files ? 'file' : undefined),
    read: async (path) => Buffer.from(files[path] ?? ''),
    isExecutable: async () => false,
  };
}

const stack = {
  name: 'shop',
  folder: 'environments/lab',
  target: 'docker',
  secrets: 'environments/lab/.env.encrypted',
};

test.each(['dotenv', 'binary'] as const)('a %s file becomes the .env of its stack, byte by byte', async (format) => {
  const files = { [stack.secrets]: await encrypted(DOTENV, format), 'environments/lab/.env': 'LEFT=over\n' };
  const { view, values } = await openSecrets(repository(files), [stack], { identities: [identity] });
  expect(String(await view.read('environments/lab/.env'))).toBe(DOTENV);
  expect(await view.stat('environments/lab/.env')).toBe('file');
  expect(String(await view.read(stack.secrets))).toBe(files[stack.secrets]);
  const revealed = values.map(({ value }) => value.reveal()).join();
  expect(revealed).toContain('p#ss $word');
});

test('its variables are told by name, and its names are known without a key', async () => {
  const files = { [stack.secrets]: await encrypted(DOTENV, 'dotenv') };
  const { values } = await openSecrets(repository(files), [stack], { identities: [identity] });
  expect(values.map(({ name, file }) => [name, file])).toEqual(
    ['DB_PASSWORD', 'HOST'].map((name) => [name, stack.secrets]),
  );
  expect(namesWithoutKey(files[stack.secrets] ?? '')).toEqual(['DB_PASSWORD', 'EMPTY', 'HOST']);
  expect(namesWithoutKey(await encrypted(DOTENV, 'binary'))).toBeUndefined();
});

test('without a key the error names the file', async () => {
  const view = repository({ [stack.secrets]: await encrypted(DOTENV, 'dotenv') });
  await expect(openSecrets(view, [stack], { identities: [] })).rejects.toMatchObject({
    code: 'sops-no-key',
    file: stack.secrets,
  });
});

test('what holds no variables is refused', async () => {
  const view = repository({ [stack.secrets]: await encrypted('a: b\n', 'yaml') });
  await expect(openSecrets(view, [stack], { identities: [identity] })).rejects.toMatchObject({
    code: 'sops-wrong-format',
    message: expect.stringContaining('it is YAML'),
  });
});

test('stacks without secrets are left alone', async () => {
  const view = repository({});
  const plain = { name: 'plain', folder: '', target: 'docker' };
  expect(await openSecrets(view, [plain], { identities: [] })).toEqual({ view, values: [] });
});
