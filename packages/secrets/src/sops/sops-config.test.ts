import { expect, test } from 'vitest';
import { readSopsConfig, ruleFor } from './sops-config.ts';
import { caught } from './testing/caught.ts';

const CONFIG = `keys:
  - &admin age1admin
  - &production age1production
creation_rules:
  - path_regex: environments/production/.*\\.env\\.encrypted$
    age: age1admin, age1production,
  - path_regex: environments/staging/
    age:
      - *admin
      - age1staging
    encrypted_regex: ^(data|secret)$
    mac_only_encrypted: true
  - path_regex: legacy/
    pgp: 0123ABCD
    age: *admin
  - path_regex: quorum/
    key_groups:
      - age: [*admin]
      - pgp: ["0123"]
  - age: *production
    kms: ""
`;

const config = readSopsConfig(CONFIG, '.sops.yaml');

function recipientsOf(path: string) {
  return ruleFor(config, path)?.recipients;
}

test('the first rule that fits a path says who can open it', () => {
  expect(recipientsOf('environments/production/.env.encrypted')).toEqual(['age1admin', 'age1production']);
  expect(recipientsOf('environments/staging/x.yaml')).toEqual(['age1admin', 'age1staging']);
  expect(recipientsOf('anything')).toEqual(['age1production']);
});

test('each rule tells its place, its other keys and what it encrypts', () => {
  expect(config.rules.map(({ line, column, otherKeys, rule }) => [line, column, otherKeys, rule])).toEqual([
    [5, 5, undefined, { unencryptedSuffix: '_unencrypted', macOnlyEncrypted: false }],
    [7, 5, undefined, { encryptedRegex: '^(data|secret)$', macOnlyEncrypted: true }],
    [13, 5, 'PGP', { unencryptedSuffix: '_unencrypted', macOnlyEncrypted: false }],
    [16, 5, 'key groups', { unencryptedSuffix: '_unencrypted', macOnlyEncrypted: false }],
    [20, 5, undefined, { unencryptedSuffix: '_unencrypted', macOnlyEncrypted: false }],
  ]);
});

test('paths count from the folder of .sops.yaml, and no rule is no recipient', () => {
  const nested = readSopsConfig('creation_rules:\n  - path_regex: ^prod/\n    age: age1x\n', 'environments/.sops.yaml');
  expect(ruleFor(nested, 'environments/prod/.env')?.recipients).toEqual(['age1x']);
  expect(ruleFor(nested, 'environments/staging/.env')).toBeUndefined();
  expect(ruleFor(readSopsConfig('', '.sops.yaml'), '.env')).toBeUndefined();
});

test.each([
  ['YAML that is none', 'creation_rules: [', 1],
  ['an expression that is none', 'creation_rules:\n  - age: age1x\n    path_regex: "("\n', 3],
])('%s is refused with its place', async (_, text, line) => {
  const error = await caught(() => readSopsConfig(text, '.sops.yaml'));
  expect([error.code, error.file, error.position?.line]).toEqual(['sops-damaged', '.sops.yaml', line]);
});
