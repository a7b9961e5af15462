import { expect, test } from 'vitest';
import { inspectSops } from './inspect.ts';
import { sniffSops } from './sops-format.ts';
import { caught } from './testing/caught.ts';

const ENC = 'ENC[AES256_GCM,data:AA==,iv:AA==,tag:AA==,type:str]';

/** As releases before 3.10 wrote it. */
const YAML = `#${ENC}
database:
    #${ENC}
    password: ${ENC}
    port: 5432
    empty: ""
hosts:
    - ${ENC}
    #${ENC}
    - name: ${ENC}
sops:
    kms: []
    gcp_kms: []
    azure_kv: []
    hc_vault: []
    age:
        - recipient: age1first
          enc: |
            -----BEGIN AGE ENCRYPTED FILE-----
            one
            -----END AGE ENCRYPTED FILE-----
        - recipient: age1second
          enc: |
            -----BEGIN AGE ENCRYPTED FILE-----
            two
            -----END AGE ENCRYPTED FILE-----
    lastmodified: "2024-05-06T07:08:09Z"
    mac: ${ENC}
    pgp: []
    unencrypted_suffix: _unencrypted
    version: 3.8.1
`;

const DOTENV = `A=${ENC}
#${ENC}
B_unencrypted=x
sops_age__list_0__map_enc=-----BEGIN AGE ENCRYPTED FILE-----\\none\\n-----END AGE ENCRYPTED FILE-----\\n
sops_age__list_0__map_recipient=age1first
sops_age__list_10__map_enc=ten
sops_age__list_10__map_recipient=age1tenth
sops_age__list_2__map_enc=two
sops_age__list_2__map_recipient=age1second
sops_lastmodified=2025-06-05T19:22:01Z
sops_mac=${ENC}
sops_unencrypted_suffix=_unencrypted
sops_version=3.10.2
`;

test('a YAML file tells without a key who can open it, since when, and which values are encrypted', () => {
  const { leaves, ...file } = inspectSops(YAML);
  expect(file).toMatchInlineSnapshot(`
    {
      "format": "yaml",
      "lastModified": "2024-05-06T07:08:09Z",
      "mac": "ENC[AES256_GCM,data:AA==,iv:AA==,tag:AA==,type:str]",
      "needsBinary": undefined,
      "otherKeys": undefined,
      "recipients": [
        {
          "encrypted": "-----BEGIN AGE ENCRYPTED FILE-----
    one
    -----END AGE ENCRYPTED FILE-----
    ",
          "line": 17,
          "recipient": "age1first",
        },
        {
          "encrypted": "-----BEGIN AGE ENCRYPTED FILE-----
    two
    -----END AGE ENCRYPTED FILE-----
    ",
          "line": 22,
          "recipient": "age1second",
        },
      ],
      "rule": {
        "macOnlyEncrypted": false,
        "unencryptedSuffix": "_unencrypted",
      },
      "version": "3.8.1",
    }
  `);
  expect(leaves.map((leaf) => [leaf.path.join('.'), `${leaf.line}:${leaf.column}`, flags(leaf)])).toEqual([
    ['', '1:1', 'encrypted comment'],
    ['database', '3:5', 'encrypted comment'],
    ['database.password', '4:15', 'encrypted'],
    ['database.port', '5:11', 'clear'],
    ['database.empty', '6:12', 'empty'],
    ['hosts.0', '8:7', 'encrypted'],
    ['hosts', '9:5', 'encrypted comment'],
    ['hosts.1.name', '10:13', 'encrypted'],
  ]);
});

function flags(leaf: ReturnType<typeof inspectSops>['leaves'][number]): string {
  const state = leaf.isEmpty ? 'empty' : leaf.isEncrypted ? 'encrypted' : leaf.shouldBeEncrypted ? 'clear' : 'open';
  return `${state}${leaf.isComment ? ' comment' : ''}`;
}

test('a dotenv file tells the same, with its recipients in their order', () => {
  const { leaves, recipients, format } = inspectSops(DOTENV);
  expect([format, recipients.map(({ recipient, line }) => `${recipient} ${line}`)]).toEqual([
    'dotenv',
    ['age1first 5', 'age1second 9', 'age1tenth 7'],
  ]);
  expect(recipients[0]?.encrypted).toBe('-----BEGIN AGE ENCRYPTED FILE-----\none\n-----END AGE ENCRYPTED FILE-----\n');
  expect(leaves.map(flags)).toEqual(['encrypted', 'encrypted comment', 'open']);
});

test('names that JSON parsers would move stay where they are', () => {
  const text = JSON.stringify({ b: ENC }).replace('{', `{"10": "${ENC}", "9": [1],`).replace('}', `, "sops": ${SOPS}}`);
  expect(inspectSops(text).leaves.map(({ path }) => path)).toEqual([['10'], ['9', 0], ['b']]);
});

const SOPS = JSON.stringify({ age: [{ recipient: 'age1x', enc: 'x' }], lastmodified: 'l', mac: 'm', version: 'v' });

test.each([
  ['.env of SOPS', DOTENV, 'dotenv'],
  ['YAML of SOPS', YAML, 'yaml'],
  ['JSON of SOPS', `{"a": "${ENC}", "sops": ${SOPS}}`, 'json'],
  ['anything in JSON of SOPS', `{\n\t"data": "${ENC}",\n\t"sops": ${SOPS}}`, 'binary'],
  ['a .env', 'A=b\n', undefined],
  ['a Compose file', 'services:\n  sops:\n    image: x\n', undefined],
  ['a package.json', '{"name": "sops"}', undefined],
])('%s is known by its content', (_, text, format) => {
  expect(sniffSops(text)).toBe(format);
});

test.each([
  ['PGP', 'pgp:\n        - fp: "0"\n          enc: x'],
  ['AWS KMS', 'kms:\n        - arn: "0"\n          enc: x'],
  [
    'key groups',
    'shamir_threshold: 1\n    key_groups:\n        - age:\n            - recipient: age1x\n              enc: x',
  ],
])('a file that is opened by %s says so', (kind, part) => {
  const { needsBinary, otherKeys } = inspectSops(
    `a: ${ENC}\nsops:\n    ${part}\n    lastmodified: x\n    mac: ${ENC}\n`,
  );
  expect([needsBinary, otherKeys]).toEqual([kind, kind]);
});

test.each([
  ['plaintext', 'A=b\n', 'sops-not-encrypted', undefined],
  ['a plaintext of braces', '{"a": 1}', 'sops-not-encrypted', undefined],
  ['INI', '[a]\nb = c\n\n[sops]\nversion = 3\n', 'sops-wrong-format', undefined],
  ['a line that is none', DOTENV.replace('B_un', 'nothing\nB_un'), 'sops-damaged', 3],
  ['a file without recipients', DOTENV.replaceAll(/^sops_age.*\n/gm, ''), 'sops-damaged', undefined],
  [
    'a recipient without its data key',
    DOTENV.replaceAll(/^sops_age__list_0__map_enc.*\n/gm, ''),
    'sops-damaged',
    undefined,
  ],
  ['broken YAML', YAML.replace('database:', 'database: ['), 'sops-damaged', expect.any(Number)],
  ['YAML that is a list', `- a\n- b\n---\nsops: {}\n`, 'sops-damaged', 1],
  ['broken JSON', `{"a": ,\n"sops": {}}`, 'sops-damaged', 1],
  [
    'two rules of what is encrypted',
    YAML.replace('    version', '    encrypted_regex: x\n    version'),
    'sops-damaged',
    undefined,
  ],
  [
    'a regular expression that is none',
    YAML.replace('unencrypted_suffix: _unencrypted', 'encrypted_regex: "("'),
    'sops-damaged',
    30,
  ],
])('%s is refused, with the line where it is known', async (_, text, code, line) => {
  const error = await caught(() => inspectSops(text));
  expect([error.code, error.position?.line]).toEqual([code, line]);
});

test('YAML that grows without end by its aliases is refused', async () => {
  const lines = Array.from({ length: 30 }, (_, n) =>
    `a${n}: &a${n} [${`*a${n - 1}, `.repeat(9)}x]`.replaceAll('*a-1', 'x'),
  );
  const error = await caught(() => inspectSops(`${lines.join('\n')}\nsops: {}\n`));
  expect(error.code).toBe('sops-damaged');
});

test.each([
  ['contains itself', 'a: &a\n    - *a\nsops: {}\n'],
  ['is nested without end', `a: ${'['.repeat(2000)}${']'.repeat(2000)}\nsops: {}\n`],
  ['exhausts the YAML parser', `a: ${'['.repeat(20_000)}\nsops: {}\n`],
  ['is nested without end in JSON', `{"sops": {"a": ${'['.repeat(2000)}${']'.repeat(2000)}}}`],
])('a file that %s is refused', async (_, text) => {
  expect((await caught(() => inspectSops(text))).code).toBe('sops-damaged');
});
