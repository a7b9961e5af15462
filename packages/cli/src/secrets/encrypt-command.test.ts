import { stat } from 'node:fs/promises';
import { decryptSops, inspectSops, SopsError } from '@gitops/secrets';
import { expect, test } from 'vitest';
import { freshKey } from '../../../secrets/src/sops/testing/age-key.ts';
import { encryptCommand, formatOfName } from './encrypt-command.ts';
import { SecretsFolder } from './testing/secrets-folder.ts';

const [key, other] = await Promise.all([freshKey(), freshKey()]);

test('a file is encrypted in place to the recipients that are named', async () => {
  await using folder = await SecretsFolder.make(key);
  const file = await folder.write('.env.encrypted', 'A=1\n');
  const code = await encryptCommand(file, { recipient: [key.recipient, other.recipient] }, folder.screen);
  const text = await folder.read('.env.encrypted');
  expect([code, folder.printed]).toEqual([0, `${file}: encrypted as dotenv to 2 recipients\n`]);
  for (const { identity } of [key, other])
    expect((await decryptSops(text, [identity])).content.toString()).toBe('A=1\n');
});

test('else to those of the first rule of the nearest .sops.yaml that fits, as the rule says', async () => {
  await using folder = await SecretsFolder.make(key);
  await folder.write(
    '.sops.yaml',
    `creation_rules:\n  - path_regex: \\.enc\\.yaml$\n    age: ${key.recipient}\n    encrypted_regex: ^secret\n  - age: ${other.recipient}\n`,
  );
  const file = await folder.write('plain.yaml', 'open: 1\nsecret: 2\n');
  await encryptCommand(file, { output: folder.at('x.enc.yaml'), json: true }, folder.screen);
  expect(JSON.parse(folder.printed)).toEqual({
    file: folder.at('x.enc.yaml'),
    format: 'yaml',
    recipients: [key.recipient],
    wasTracked: false,
  });
  expect(await folder.read('x.enc.yaml')).toMatch(/^open: 1\nsecret: ENC\[/);
  expect(await folder.read('plain.yaml')).toBe('open: 1\nsecret: 2\n');
});

test('a file that git has in clear is told of, and keeps its mode', async () => {
  await using folder = await SecretsFolder.make(key);
  const file = await folder.write('token.txt', 'planted');
  folder.git('add', 'token.txt');
  const { mode } = await stat(file);
  await encryptCommand(file, { recipient: [key.recipient] }, folder.screen);
  expect(folder.printed).toContain('change its secrets');
  expect(inspectSops(await folder.read('token.txt')).format).toBe('binary');
  expect((await stat(file)).mode).toBe(mode);
});

test.each([
  ['an encrypted file', 'sops-unsupported', 'encrypted already', ''],
  ['a file that no rule is about', 'sops-no-key', 'nobody to encrypt it to', 'creation_rules: []\n'],
  ['a file whose rule names PGP', 'sops-unsupported', 'names PGP', 'creation_rules:\n  - pgp: "0"\n    age: age1x\n'],
  ['a file below a broken .sops.yaml', 'sops-damaged', 'invalid YAML', 'creation_rules: [\n'],
  [
    'a file that is not of its format',
    'sops-damaged',
    'neither `NAME=value` nor a comment',
    `creation_rules:\n  - age: ${key.recipient}\n`,
  ],
])('%s is refused and stays as it was', async (what, code, seen, config) => {
  await using folder = await SecretsFolder.make(key);
  await folder.write('.sops.yaml', config);
  const file =
    what === 'an encrypted file'
      ? await folder.encrypted('a.env', 'A=1\n')
      : await folder.write('a.env', 'no variable\n');
  const before = await folder.read('a.env');
  const error = await encryptCommand(file, {}, folder.screen).catch((thrown: unknown) => thrown);
  if (!(error instanceof SopsError)) throw error;
  expect([error.code, error.seen]).toEqual([code, expect.stringContaining(seen)]);
  expect(error.file).toMatch(/a\.env$|\.sops\.yaml$/);
  expect(await folder.read('a.env')).toBe(before);
});

test.each([
  ['.env', 'dotenv'],
  ['.env.encrypted', 'dotenv'],
  ['production.env', 'dotenv'],
  ['secrets.yaml', 'yaml'],
  ['secrets.enc.yml', 'yaml'],
  ['a.json', 'json'],
  ['tls.key', 'binary'],
  ['environment', 'binary'],
])('%s is taken for %s', (name, format) => {
  expect(formatOfName(name)).toBe(format);
});

test('another encrypted file is written over only by force', async () => {
  await using folder = await SecretsFolder.make(key);
  const output = await folder.encrypted('a.env', 'A=1\n');
  const before = await folder.read('a.env');
  const file = await folder.write('b.env', 'B=2\n');
  const options = { output, recipient: [key.recipient] };
  await expect(encryptCommand(file, options, folder.screen)).rejects.toThrow('an encrypted file is there already');
  expect(await folder.read('a.env')).toBe(before);
  await encryptCommand(file, { ...options, force: true }, folder.screen);
  expect((await decryptSops(await folder.read('a.env'), [key.identity])).content.toString()).toBe('B=2\n');
});
