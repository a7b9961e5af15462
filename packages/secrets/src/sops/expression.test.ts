import { expect, test } from 'vitest';
import { encryptSops } from './encrypt.ts';
import { expression } from './expression.ts';
import { inspectSops } from './inspect.ts';
import { readSopsConfig, ruleFor } from './sops-config.ts';
import { freshKey } from './testing/age-key.ts';
import { caught } from './testing/caught.ts';

const PATH = 'environments/production/shop-of-the-north/.env.encrypted';

test.each([
  '^environments/production/.*\\.env\\.encrypted$',
  'environments/(production|staging)/.*\\.env(\\.encrypted)?$',
  '.*/shop.*/.*\\.encrypted$',
  '^environments/([^/]+/)*\\.env',
  '^environments(?:/[^/]+)+$',
  'environments/[^/]+/[^/]+/[^/]+$',
  '(?i)^ENVIRONMENTS/.+',
  '^[a-z]{1,20}/',
  '[]^]|environments',
])('%s is an expression as people write them, and fits', (source) => {
  expect(expression(source).test(PATH)).toBe(true);
});

test.each([
  '^(a+)+$',
  '^(?:a*)*$',
  '^(a|aa)+$',
  '^((a?){40}){2}$',
  '^(a|a)(a|a)(a|a)(a|a)(a|a)(a|a)(a|a)(a|a)(a|a)(a|a)(a|a)(a|a)(a|a)(a|a)(a|a)(a|a)(a|a)(a|a)(a|a)(a|a)(a|a)(a|a)(a|a)(a|a)(a|a)(a|a)(a|a)(a|a)$',
  `^${'a?'.repeat(40)}${'a'.repeat(40)}$`,
  '.*.*.*.*.*.*.*x',
  '^([^.]+.)*$',
  '^(?:[[^_]+_)*$',
  '^(?:/[^/]+){2,9}[^/]*(?:/[^/]+)*(?:[^/]+/?)*$',
  '^(?:(?:){1000}){1000000000}$',
  '^(?=(a+)+b)',
  `^${'a'.repeat(1000)}$`,
])('%s is refused before it is tried', async (source) => {
  const error = await caught(() => expression(source));
  expect(error.code).toBe('sops-damaged');
  expect(error.seen).toMatch(/could take minutes|more than 1000 characters/);
});

test('what is quick for a short name and slow for a long one is refused for that one', async () => {
  const config = readSopsConfig('creation_rules:\n  - path_regex: .*a.*b.*c\n    age: age1x\n', '.sops.yaml');
  expect(ruleFor(config, 'xaxbxc')?.recipients).toEqual(['age1x']);
  const error = await caught(() => ruleFor(config, 'a'.repeat(3000)));
  expect([error.file, error.position?.line, error.seen]).toEqual([
    '.sops.yaml',
    2,
    'the regular expression could take minutes for a text of 3000 characters',
  ]);
});

test('a file or a .sops.yaml with such an expression is refused at its line', async () => {
  const yaml = 'creation_rules:\n  - age: age1x\n    path_regex: ^(a+)+$\n';
  const ofConfig = await caught(() => readSopsConfig(yaml, '.sops.yaml'));
  expect([ofConfig.position?.line, ofConfig.seen]).toEqual([3, expect.stringContaining('could take minutes')]);
  const { recipient } = await freshKey();
  const rule = { encryptedRegex: '^aa', macOnlyEncrypted: false };
  const text = await encryptSops(Buffer.from('aa: b\n'), { format: 'yaml', recipients: [recipient], rule });
  const hostile = text.replace('encrypted_regex: ^aa', 'encrypted_regex: ^(a+)+$');
  const ofFile = await caught(() => inspectSops(hostile));
  expect([ofFile.code, ofFile.seen]).toEqual(['sops-damaged', expect.stringContaining('could take minutes')]);
  expect(hostile.split('\n')[(ofFile.position?.line ?? 0) - 1]).toContain('encrypted_regex');
});
