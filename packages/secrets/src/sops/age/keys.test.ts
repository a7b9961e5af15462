import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { decryptSops } from '../decrypt.ts';
import { encryptSops } from '../encrypt.ts';
import { freshKey, freshPostQuantumKey } from '../testing/age-key.ts';
import { caught } from '../testing/caught.ts';
import { ageIdentities } from './identities.ts';
import { readAgeIdentities } from './read-identities.ts';

const [key, other, quantumSafe] = await Promise.all([freshKey(), freshKey(), freshPostQuantumKey()]);
const folder = await mkdtemp(join(tmpdir(), 'age-keys-'));
afterAll(() => rm(folder, { recursive: true }));

const target = { format: 'dotenv', recipients: [key.recipient, quantumSafe.recipient] } as const;
const encrypted = await encryptSops(Buffer.from('A=1\n'), target);

test('a whole key file opens a file, whichever of its keys fits', async () => {
  const keyFile = `# created: 2026-01-01\r\n# public key: ${other.recipient}\r\n${other.identity}\r\n\r\n  ${key.identity}\n`;
  expect((await decryptSops(encrypted, [keyFile])).content.toString()).toBe('A=1\n');
});

test('keys that fit nothing do no harm beside one that does', async () => {
  const texts = [other.identity, quantumSafe.identity.toLowerCase()];
  expect((await decryptSops(encrypted, texts)).content.toString()).toBe('A=1\n');
});

test('without a key it says what to give', async () => {
  for (const texts of [[], [''], ['# nothing but a comment\n']])
    expect((await caught(() => decryptSops(encrypted, texts))).code).toBe('sops-no-key');
});

test('with a key that does not fit it names who could open the file', async () => {
  const error = await caught(() => decryptSops(encrypted, [other.identity]));
  expect([error.code, error.inFile('prod.env').message]).toEqual([
    'sops-wrong-key',
    expect.stringContaining(
      `decrypt prod.env: none of the keys given opens it; its recipients are \`${key.recipient}\`, \`age1pq1`,
    ),
  ]);
  expect(error.message.length).toBeLessThan(500);
});

const pem = (kind: string) => `-----${'BEGIN'} ${kind} PRIVATE KEY-----`;

test.each([
  ['an SSH key', pem('OPENSSH'), 'is an SSH key'],
  ['a key file with a passphrase', '-----BEGIN AGE ENCRYPTED FILE-----', 'is locked with a passphrase'],
  ['a key of a plugin', `AGE-PLUGIN-${'YUBIKEY'}-1QQ`, 'belongs to a plugin'],
  ['a recipient', other.recipient, 'is a recipient'],
  ['anything else', 'hunter2-hunter2-hunter2-hunter2', 'is none'],
  ['half a key', key.identity.slice(0, 40), 'is none'],
  ['a key with a wrong letter', key.identity.replace(/.$/, (last) => (last === 'Q' ? 'P' : 'Q')), 'is none'],
])('%s is told apart from a key that does not fit', async (_, text, seen) => {
  const error = await caught(() => decryptSops(encrypted, [`${key.identity}\n${text}`]));
  expect([error.code, error.seen]).toEqual(['sops-bad-key', `age key 2 of 2 ${seen}${error.seen.split(seen)[1]}`]);
  expect(error.stack).not.toContain(text.slice(20));
});

test.each([
  ['an SSH recipient', 'ssh-ed25519 AAAAC3', 'SSH key'],
  ['a secret key', key.identity, 'a secret key was given'],
  ['anything else', 'age1nothing', 'no recipient of age'],
])('%s is refused as a recipient', async (_, recipient, seen) => {
  const error = await caught(() => encryptSops(Buffer.from('A=1\n'), { format: 'dotenv', recipients: [recipient] }));
  expect([error.code, error.seen]).toEqual(['sops-bad-key', expect.stringContaining(seen)]);
  expect(error.stack).not.toContain(key.identity);
});

test('nobody to encrypt to is no file that nobody can open', async () => {
  const error = await caught(() => encryptSops(Buffer.from('A=1\n'), { format: 'dotenv', recipients: [] }));
  expect(error.code).toBe('sops-no-key');
});

test('the same key twice is one', () => {
  expect(ageIdentities([key.identity, `${key.identity}\n`])).toEqual([key.identity]);
});

async function keyFile(path: string): Promise<string> {
  await mkdir(dirname(join(folder, path)), { recursive: true });
  await writeFile(join(folder, path), key.identity);
  return join(folder, path);
}

test('keys are found where SOPS finds them, all of them', async () => {
  const named = await keyFile('named.txt');
  const habitual = await keyFile('config/sops/age/keys.txt');
  const env = { SOPS_AGE_KEY: 'direct', SOPS_AGE_KEY_FILE: named, XDG_CONFIG_HOME: join(folder, 'config') };
  expect(await readAgeIdentities(env)).toEqual([
    { text: 'direct', source: 'SOPS_AGE_KEY' },
    { text: key.identity, source: named },
    { text: key.identity, source: habitual },
  ]);
});

test('none is no error, but a file that is named and missing is', async () => {
  const env = { HOME: join(folder, 'nobody') };
  expect(await readAgeIdentities(env)).toEqual([]);
  const error = await caught(() => readAgeIdentities({ ...env, SOPS_AGE_KEY_FILE: '/nowhere/keys.txt' }));
  expect([error.code, error.seen]).toEqual([
    'sops-no-key',
    "the key file /nowhere/keys.txt can't be read: it is not there",
  ]);
});
