import { expect, test } from 'vitest';
import { decryptSops } from './decrypt.ts';
import { encryptSops, reencryptSops } from './encrypt.ts';
import { inspectSops } from './inspect.ts';
import type { SopsFormat } from './sops-format.ts';
import { freshKey, freshPostQuantumKey } from './testing/age-key.ts';

const key = await freshKey();
const quantumSafe = await freshPostQuantumKey();

/** Each as SOPS would write it. */
const SAMPLES: Readonly<Record<SopsFormat, string>> = {
  dotenv: '# database\nDB_PASSWORD=a "b" $c #d\nPEM=-----BEGIN\\nabc\\n\nEMPTY=\nNAME_unencrypted=shop\n',
  yaml: [
    '# the shop',
    'database:',
    '    # changed by hand',
    '    password: "12345"',
    '    port: 5432 # as everywhere',
    '    ssl: true',
    '    ratio: 1.5',
    'users:',
    '    - anna',
    '    # the second',
    '    - name: bert',
    '      key: |',
    '        -----BEGIN',
    '        abc',
    'since: 2024-05-06T07:08:09Z',
    'nothing: null',
    'empty: ""',
    'name_unencrypted: shop',
    '# the end',
    '---',
    'second: document',
    '',
  ].join('\n'),
  json: '{\n\t"2": "two",\n\t"1": {\n\t\t"list": [\n\t\t\t9007199254740993,\n\t\t\ttrue,\n\t\t\tnull\n\t\t],\n\t\t"html": "\\u003cb\\u003e"\n\t},\n\t"empty": {}\n}\n',
  binary: 'any\0 bytes\r\n',
};

const FORMATS = ['dotenv', 'yaml', 'json', 'binary'] as const;

test.each(FORMATS)('a %s file comes out as it went in, for every recipient, of either kind', async (format) => {
  const content = Buffer.from(SAMPLES[format]);
  const encrypted = await encryptSops(content, { format, recipients: [key.recipient, quantumSafe.recipient] });
  for (const { identity } of [key, quantumSafe]) {
    const decrypted = await decryptSops(encrypted, [identity]);
    expect(decrypted.content.toString()).toBe(SAMPLES[format]);
    expect(decrypted.format).toBe(format);
  }
});

test('a file of bytes that are no text comes out byte for byte', async () => {
  const content = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
  const encrypted = await encryptSops(content, { format: 'binary', recipients: [key.recipient] });
  expect((await decryptSops(encrypted, [key.identity])).content).toEqual(content);
});

test.each(FORMATS)('the names of a %s file can be read by everybody, its values by nobody', async (format) => {
  const encrypted = await encryptSops(Buffer.from(SAMPLES[format]), { format, recipients: [key.recipient] });
  const { leaves } = inspectSops(encrypted);
  expect(leaves.filter((leaf) => leaf.shouldBeEncrypted && !leaf.isEncrypted && !leaf.isEmpty)).toEqual([]);
  for (const { values } of [await decryptSops(encrypted, [key.identity])]) {
    const long = values.map((value) => value.reveal()).filter((value) => value.length > 4);
    expect(long.filter((value) => encrypted.includes(value))).toEqual([]);
  }
});

test('the variables of a dotenv file are told by name, as SOPS has them', async () => {
  const encrypted = await encryptSops(Buffer.from(SAMPLES.dotenv), { format: 'dotenv', recipients: [key.recipient] });
  const { variables, values } = await decryptSops(encrypted, [key.identity]);
  expect([...(variables ?? [])].map(([name, value]) => [name, value.reveal()])).toEqual([
    ['DB_PASSWORD', 'a "b" $c #d'],
    ['PEM', '-----BEGIN\nabc\n'],
    ['EMPTY', ''],
    ['NAME_unencrypted', 'shop'],
  ]);
  expect(values.map((value) => value.reveal())).toEqual(['a "b" $c #d', '-----BEGIN\nabc\n']);
});

test.each(FORMATS)('an edit of a %s file leaves every other line as it was', async (format) => {
  const target = { format, recipients: [key.recipient] };
  const before = await encryptSops(Buffer.from(SAMPLES[format]), target, new Date('2026-01-01'));
  const same = await reencryptSops(before, Buffer.from(SAMPLES[format]), [key.identity], new Date('2026-02-01'));
  const changed = same.split('\n').filter((line, index) => line !== before.split('\n')[index]);
  expect(changed.filter((line) => !/lastmodified|mac\b/.test(line))).toEqual([]);
  expect((await decryptSops(same, [key.identity])).content.toString()).toBe(SAMPLES[format]);
});

test('an edit keeps the recipients, the rule and the key, and encrypts what is new', async () => {
  const rule = { encryptedRegex: '^secret', macOnlyEncrypted: true };
  const target = { format: 'yaml', recipients: [key.recipient, quantumSafe.recipient], rule } as const;
  const before = await encryptSops(Buffer.from('secret: 1\nopen: 2\n'), target);
  const after = await reencryptSops(before, Buffer.from('open: 3\nsecret: 1\nsecret_two: x\n'), [key.identity]);
  expect(inspectSops(after).recipients.map(({ encrypted }) => encrypted)).toEqual(
    inspectSops(before).recipients.map(({ encrypted }) => encrypted),
  );
  expect(inspectSops(after).rule).toEqual(rule);
  expect(after).toMatch(/^open: 3\nsecret: ENC\[.*type:int\]\nsecret_two: ENC\[.*type:str\]\n/);
  expect((await decryptSops(after, [quantumSafe.identity])).content.toString()).toBe(
    'open: 3\nsecret: 1\nsecret_two: x\n',
  );
});

test('equal items of a list keep their own ciphertexts', async () => {
  const content = Buffer.from('list:\n    - same\n    - same\n');
  const before = await encryptSops(content, { format: 'yaml', recipients: [key.recipient] });
  const after = await reencryptSops(before, content, [key.identity]);
  expect(after.split('\n').slice(0, 3)).toEqual(before.split('\n').slice(0, 3));
  expect(new Set(before.split('\n').slice(1, 3)).size).toBe(2);
});

test('a YAML file whose lines end as on Windows says the same, comments too', async () => {
  const content = '# note\na: 1 # why\nlist:\n    # first\n    - x\n';
  const encrypted = await encryptSops(Buffer.from(content), { format: 'yaml', recipients: [key.recipient] });
  const decrypted = await decryptSops(encrypted.replaceAll('\n', '\r\n'), [key.identity]);
  expect(decrypted.content.toString()).toBe(content);
});
