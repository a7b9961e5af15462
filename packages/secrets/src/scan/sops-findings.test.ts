import { generateX25519Identity, identityToRecipient } from 'age-encryption';
import { beforeAll, expect, test } from 'vitest';
import { encryptSops } from '../sops/encrypt.ts';
import { openSopsConfigs } from './sops-configs.ts';
import { type SopsFindingsOptions, sopsFindings } from './sops-findings.ts';

const PLAIN = 'DB_PASSWORD=hunter22\nTOKEN=another-one\nEMPTY=\n';
const PATH = 'environments/production/.env.encrypted';
const CREATED = new Date('2026-01-02T03:04:05Z');
const DAY_MS = 86_400_000;
const OPTIONS: SopsFindingsOptions = {
  environments: ['production', 'staging'],
  sharedRecipients: [],
  rotateAfterMs: 365 * DAY_MS,
  now: new Date('2026-03-01T00:00:00Z'),
};

let production: string;
let staging: string;
let encrypted: string;

beforeAll(async () => {
  production = await identityToRecipient(await generateX25519Identity());
  staging = await identityToRecipient(await generateX25519Identity());
  encrypted = await encrypt(PLAIN, [production]);
});

function encrypt(plain: string, recipients: readonly string[], format: 'dotenv' | 'yaml' = 'dotenv') {
  return encryptSops(Buffer.from(plain), { format, recipients }, CREATED);
}

function found(text: string, options: Partial<SopsFindingsOptions> = {}, path = PATH) {
  const files = [{ path, content: Buffer.from(text) }];
  return sopsFindings(files, { ...OPTIONS, ...options }).map(
    ({ severity, rule, line, message }) => `${severity} ${rule} ${line ?? '-'} ${message}`,
  );
}

const key = (recipient: string) => `\`${recipient}\``;

test('nothing is said of a whole file, nor of a file that is none of SOPS', () => {
  expect(found(encrypted)).toEqual([]);
  expect(found('services: {}\n', {}, 'compose.yaml')).toEqual([]);
});

test('a value that should be encrypted and is not is an error at its place', async () => {
  const added = encrypted.replace('sops_', 'ADDED=hunter33\nsops_');
  expect(found(added)).toEqual([
    "error secret/unencrypted-value 4 `ADDED` is written in clear, and the file's rule says that it is encrypted",
  ]);
  const yaml = await encrypt('db:\n  users:\n    - password: a\n  name_unencrypted: b\n', [production], 'yaml');
  expect(found(yaml.replace(/password: ENC\S+/, 'password: hunter33'))).toEqual([
    "error secret/unencrypted-value 3 `db.users[0].password` is written in clear, and the file's rule says that it is encrypted",
  ]);
});

test.each([
  ['without a MAC', (text: string) => text.replace(/^sops_mac=.*\n/m, ''), "`mac` of SOPS' own part is missing"],
  ['without a recipient', (text: string) => text.replace(/^sops_age.*\n/gm, ''), 'it names no key that could open it'],
  ['with a conflict', (text: string) => `<<<<<<< ours\n${text}`, 'it has the markers of a merge conflict'],
  ['in clear under the name of an encrypted one', () => PLAIN, 'SOPS wrote nothing in it'],
])('a file %s is an error', (_, change, message) => {
  expect(found(change(encrypted))).toEqual([expect.stringMatching(/^error secret\/bad-sops /)]);
  expect(found(change(encrypted))[0]).toContain(`this is no whole SOPS file: ${message}`);
});

test('a part called sops, and a text that shows a SOPS file, are none', () => {
  expect(found('sops: { enabled: true }\n', {}, 'values.yaml')).toEqual([]);
  expect(found(`\`\`\`\n${encrypted.replace(/^sops_mac.*$/m, '')}\`\`\`\n`, {}, 'README.md')).toEqual([]);
});

test('files that other programs have encrypted are left alone', () => {
  expect(found('-----BEGIN AGE ENCRYPTED FILE-----\nYWdl\n')).toEqual([]);
  expect(found('$ANSIBLE_VAULT;1.1;AES256\n1234\n', {}, 'vault.enc.yaml')).toEqual([]);
});

function sopsYaml(folder: string, rules: readonly string[]) {
  const text = `creation_rules:\n${rules.map((rule) => `  - ${rule}\n`).join('')}`;
  return { path: `${folder}.sops.yaml`, content: Buffer.from(text) };
}

function configured(...rules: readonly string[]) {
  return { configs: openSopsConfigs([sopsYaml('', rules)]).configs };
}

test('a file is compared with the keys that .sops.yaml names', () => {
  expect(found(encrypted, configured(`{ path_regex: production/, age: "${production}" }`))).toEqual([]);
  expect(found(encrypted, configured(`{ path_regex: nowhere, age: x }`, `{ age: ["${staging}"] }`))).toEqual([
    `warning secret/missing-recipient ${recipientLine()} ${key(staging)} of .sops.yaml, line 3, cannot open this file`,
    `warning secret/extra-recipient ${recipientLine()} ${key(production)} can open this file, and .sops.yaml, line 3, does not name it`,
  ]);
});

function recipientLine(): number {
  return encrypted.split('\n').findIndex((line) => line.includes(production)) + 1;
}

test('a rule for the name without its end is no rule for the file', () => {
  expect(found(encrypted, configured(`{ path_regex: '\\.env$', age: "${production}" }`))).toEqual([
    'warning secret/no-creation-rule - no rule of .sops.yaml is about this file; the one of line 2 fits the name without its end',
  ]);
});

test('the .sops.yaml nearest to a file counts alone, even where it cannot be read', () => {
  const root = sopsYaml('', [`{ age: "${staging}" }`]);
  const other = sopsYaml('environments/prod/', [`{ path_regex: nowhere }`]);
  const own = sopsYaml('environments/production/', [`{ path_regex: '^\\.env', age: "${production}" }`]);
  const broken = sopsYaml('environments/production/', ['path_regex: "("']);
  const told = (...files: readonly ReturnType<typeof sopsYaml>[]) =>
    found(encrypted, { configs: openSopsConfigs(files).configs });
  expect(told(root, other)).toHaveLength(2);
  expect(told(root, other, own)).toEqual([]);
  expect(told(root, broken)).toEqual([]);
  expect(told(other)).toEqual([]);
});

test('a .sops.yaml that cannot be read is a warning', () => {
  const { configs, findings } = openSopsConfigs([sopsYaml('', ['path_regex: "("'])]);
  expect(configs).toEqual(new Map([['.', undefined]]));
  expect(findings).toEqual([expect.objectContaining({ rule: 'secret/bad-sops-config', severity: 'warning', line: 2 })]);
});

test('a rule that could take minutes to fit a path is told instead of tried', () => {
  const path = `environments/production/${'a'.repeat(2000)}.env`;
  expect(found(encrypted, configured(`{ path_regex: '.*a.*b.*c', age: "${production}" }`), path)).toEqual([
    "warning secret/bad-sops-config 2 SOPS' own configuration cannot be read: the regular expression could take minutes for a text of 2028 characters",
  ]);
});

test('a key that opens two environments is a warning, unless the repository means it to', async () => {
  const both = await encrypt(PLAIN, [staging, production]);
  const files = [
    { path: PATH, content: Buffer.from(encrypted) },
    { path: 'environments/production/other.env', content: Buffer.from(encrypted) },
    { path: 'environments/staging/.env.encrypted', content: Buffer.from(both) },
  ];
  expect(sopsFindings(files, OPTIONS)).toEqual([
    expect.objectContaining({
      rule: 'secret/shared-key',
      severity: 'warning',
      file: PATH,
      message: `the key ${key(production)} opens the secrets of production and staging`,
    }),
  ]);
  expect(sopsFindings(files, { ...OPTIONS, sharedRecipients: [production] })).toEqual([]);
});

test('secrets that nobody has changed for too long are a warning', () => {
  const message = 'nobody has changed these secrets since 2026-01-02';
  expect(found(encrypted, { rotateAfterMs: 30 * DAY_MS })).toEqual([`warning secret/old - ${message}`]);
});

test('what the MAC does not cover and was added since the base commit is a warning', () => {
  const added = (line: string) => encrypted.replace('EMPTY=\n', `EMPTY=\n${line}\n`);
  const baseText = () => encrypted;
  expect(found(added('FEATURE_FLAG='), { baseText })).toEqual([
    "warning secret/empty-key-added 4 `FEATURE_FLAG` without a value was added, which anybody can without a key: the file's MAC does not cover it",
  ]);
  expect(found(added('# approved by the boss'), { baseText })).toEqual([
    "warning secret/empty-key-added 4 a comment was added, which anybody can without a key: the file's MAC does not cover it",
  ]);
  expect(found(encrypted, { baseText })).toEqual([]);
  expect(found(added('FEATURE_FLAG='), { baseText: () => undefined })).toEqual([]);
  expect(found(`\n\n${encrypted}`, { baseText })).toEqual([]);
});

test('values in clear are covered by no MAC that is of encrypted values only', async () => {
  const rule = { unencryptedSuffix: '_unencrypted', macOnlyEncrypted: true };
  const target = { format: 'dotenv', recipients: [production], rule } as const;
  const text = await encryptSops(Buffer.from('MODE_unencrypted=safe\nTOKEN=x\n'), target, CREATED);
  expect(found(text.replace('=safe', '=fast'), { baseText: () => text })).toEqual([
    expect.stringContaining('`MODE_unencrypted` in clear was added'),
  ]);
});

test.each(['\n', ' ', 'sops_mac=', 'sops:\n  mac: ', 'ENC[AES256_GCM,', '# ', 'A=\n'])(
  'a SOPS file with a quarter of a megabyte of %j is judged to its end',
  (part) => {
    const filler = part.repeat(Math.ceil(2 ** 18 / part.length));
    for (const head of ['sops_version=3\nsops_mac=x\n', 'sops:\n  mac: x\n']) {
      const text = `${head}${filler}`;
      expect(found(text, { baseText: () => text }).join()).toContain('secret/bad-sops');
    }
  },
);
