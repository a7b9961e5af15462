import { expect, test } from 'vitest';
import { decryptSops } from './decrypt.ts';
import { encryptSops } from './encrypt.ts';
import { inspectSops } from './inspect.ts';
import { freshKey } from './testing/age-key.ts';
import { caught } from './testing/caught.ts';
import { sealedFile, withLine } from './testing/sealed-file.ts';

/** SOPS' MAC covers neither names nor what is empty: these lines leave it right, and change what readers make of the file. */

const key = await freshKey();
const [dotenv, yaml, json] = await Promise.all([
  sealedFile('dotenv', key),
  sealedFile('yaml', key),
  sealedFile('json', key),
]);

test.each([
  ['a value behind a colon', 'DB_HOST: evil.example.com #=', 'more than the name `DB_HOST`'],
  ['a value behind a colon and `export`', 'export A: evil #=', 'more than the name `A`'],
  ['a value behind a name that is there', 'first: evil #=', 'more than the name `first`'],
  ['an exported name', 'export first=', 'more than the name `first`'],
  ['a name behind a space', ' first=', 'more than the name `first`'],
  ['a name before a space', 'first =', 'more than the name `first`'],
  ['a name before a line break of old', 'first\r=', 'more than the name `first`'],
  ['a value in the place of a name', 'evil/evil=', 'what stands before the `=` is no name'],
  ['no name', '=', 'what stands before the `=` is no name'],
  ['an empty value behind the encrypted one', 'first=', '`first` stands there twice'],
  ['a second MAC', 'sops_mac=evil', '`sops_mac` stands there twice'],
  ['a list of SOPS that is a value too', 'sops_age=', '`sops_age` contradicts'],
  ['an item of SOPS with another number', 'sops_age__list_00__map_enc=', '`sops_age__list_00__map_enc` contradicts'],
])('in a dotenv file %s is refused without a key, with its line', async (_, line, seen) => {
  const text = `${dotenv.text}${line}\n`;
  const error = await caught(() => inspectSops(text));
  expect([error.code, error.seen, error.position?.line]).toEqual([
    'sops-damaged',
    expect.stringContaining(seen),
    text.split('\n').length - 1,
  ]);
  expect(error.message).not.toContain('evil');
  expect((await caught(() => decryptSops(text, [key.identity]))).code).toBe('sops-damaged');
});

test.each([
  ['an empty value behind the encrypted one', yaml, 'first: ""', '`first` stands there twice'],
  ['the same name in quotes', yaml, '"first": null', '`first` stands there twice'],
  ['the same name in a map', yaml, 'map: {a: "", a: ""}', '`a` stands there twice'],
  ['a merge key', yaml, '<<: {}', 'a merge key'],
  ['a merge key in quotes', yaml, '"<<": {}', 'a merge key'],
  ['an alias', yaml, 'added: [&a "", *a]', 'an alias'],
  ['a second `sops`', yaml, 'sops: {}', '`sops` stands there twice'],
  ['an empty value behind the encrypted one', json, '"first": "",', '`first` stands there twice'],
  ['the same name, escaped', json, String.raw`"f\u0069rst": null,`, '`first` stands there twice'],
  ['the same name in an object', json, '"map": {"a": "", "a": ""},', '`a` stands there twice'],
  ['a second `sops`', json, '"sops": {},', '`sops` stands there twice'],
])('%s of %o is refused without a key', async (_, file, added, seen) => {
  const text = withLine(file.text, 'second', (line) => `${line}\n${added}\n`);
  const error = await caught(() => inspectSops(text));
  expect([error.code, error.seen]).toEqual(['sops-damaged', expect.stringContaining(seen)]);
  expect(error.position).toBeDefined();
});

test('a YAML document before those that SOPS wrote is refused, as readers may take the first alone', async () => {
  const error = await caught(() => inspectSops(`first: ""\n---\n${yaml.text}`));
  expect([error.code, error.seen]).toEqual(['sops-damaged', 'the first YAML document has no `sops` part']);
});

test.each([
  ['dotenv', 'A=1\nexport B=2\n'],
  ['dotenv', 'A=1\nB: 2 #=\n'],
  ['dotenv', 'A=1\nA=2\n'],
  ['yaml', 'a: 1\na: 2\n'],
  ['yaml', 'a: &a {b: 1}\nc: {<<: *a}\n'],
  ['json', '{"a": {"b": 1, "b": 2}}'],
] as const)('what would not be read again is not encrypted: %s %j', async (format, content) => {
  const error = await caught(() => encryptSops(Buffer.from(content), { format, recipients: [key.recipient] }));
  expect([error.code, error.remedy]).toEqual(['sops-damaged', `correct it; the file is read as ${format}`]);
});
