import { expect, test } from 'vitest';
import { decryptSops } from './decrypt.ts';
import { encryptSops } from './encrypt.ts';
import { freshKey } from './testing/age-key.ts';
import { cipherOf, type SealedFile, sealedFile, withLine, withValue } from './testing/sealed-file.ts';

/**
 * What SOPS' format leaves open: its MAC covers the values alone, in their order, neither names nor comments, nothing that is
 * empty under a name of its own, and of SOPS' own part only the time. Whoever may write to the repository can do these; review sees them in the diff.
 */

const key = await freshKey();
const [dotenv, yaml, json] = await Promise.all([
  sealedFile('dotenv', key),
  sealedFile('yaml', key),
  sealedFile('json', key),
]);

interface Change {
  readonly what: string;
  readonly file: SealedFile;
  readonly by: (text: string) => string;
}

const CHANGES: readonly Change[] = [
  { what: 'a comment was added', file: dotenv, by: (text) => `# added\n${text}` },
  { what: 'a comment was removed', file: dotenv, by: (text) => text.replace(/^#.*\n/, '') },
  { what: 'a comment was replaced by one in clear', file: dotenv, by: (text) => text.replace(/^#.*\n/, '#clear\n') },
  { what: 'an empty value was added', file: dotenv, by: (text) => `ADDED=\n${text}` },
  { what: 'an empty value was removed', file: dotenv, by: (text) => withLine(text, 'empty', () => '') },
  { what: 'an empty value was renamed', file: dotenv, by: (text) => text.replace('empty=', 'renamed=') },
  {
    what: 'a value that is not encrypted was renamed',
    file: dotenv,
    by: (text) => text.replace('last_un', 'renamed_un'),
  },
  { what: 'empty lines were added', file: dotenv, by: (text) => `\n${text}\n\n` },
  { what: 'the version of SOPS was changed', file: dotenv, by: (text) => withValue(text, 'version', '9.9.9') },
  {
    what: 'a recipient was added who can open nothing',
    file: dotenv,
    by: (text) => `${text}sops_age__list_1__map_enc=x\nsops_age__list_1__map_recipient=age1x\n`,
  },
  {
    what: 'a value got another type, which is not authenticated',
    file: yaml,
    by: (text) => withValue(text, 'first', cipherOf(text, 'first').replace('type:str', 'type:bytes')),
  },
  ...['null', '{}', '[]', '""'].flatMap((nothing) => [
    { what: `${nothing} was added`, file: yaml, by: (text: string) => `added: ${nothing}\n${text}` },
    { what: `${nothing} was added`, file: json, by: (text: string) => text.replace('{', `{"added": ${nothing},`) },
  ]),
  {
    what: 'an item was taken into another list of the same name',
    file: yaml,
    by: (text) => text.replace('list:\n    - ', 'list:\n    -   - '),
  },
  { what: 'the file was indented otherwise', file: yaml, by: (text) => text.replaceAll(/^ {4}- ENC/gm, '  - ENC') },
];

test.each(CHANGES)('SOPS does not notice that $what in $file.format, and neither do we', async ({ file, by }) => {
  const changed = by(file.text);
  expect(changed).not.toBe(file.text);
  const { values } = await decryptSops(changed, [key.identity]);
  expect(values.map((value) => value.reveal())).toEqual(expect.arrayContaining(['one', 'two', 'a']));
});

test('with a MAC of encrypted values alone, the others can be changed by everybody', async () => {
  const rule = { unencryptedSuffix: '_unencrypted', macOnlyEncrypted: true };
  const content = Buffer.from('secret: 1\nopen_unencrypted: 2\n');
  const text = await encryptSops(content, { format: 'yaml', recipients: [key.recipient], rule });
  const changed = withValue(text, 'open_unencrypted', '3');
  expect((await decryptSops(changed, [key.identity])).content.toString()).toBe('secret: 1\nopen_unencrypted: 3\n');
});
