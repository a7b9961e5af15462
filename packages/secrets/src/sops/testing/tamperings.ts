import type { SopsErrorCode } from '../sops-error.ts';
import { cipherOf, lineOf, type SealedFile, withLine, withValue } from './sealed-file.ts';

/** Something that somebody without a key did to a file. */
interface Tampering {
  readonly what: string;
  readonly as: SopsErrorCode;
  readonly by: (file: SealedFile) => string;
  /** Where it can be done; everywhere if left out. */
  readonly in?: readonly SealedFile['format'][];
}

/** Changes one character of a part of an encrypted value, which stays base64. */
function flipped(cipher: string, part: 'data' | 'iv' | 'tag'): string {
  return cipher.replace(
    new RegExp(`(${part}:)(.)`),
    (_, start: string, first: string) => `${start}${first === 'A' ? 'B' : 'A'}`,
  );
}

/** SOPS' own part alone. */
function withoutValues({ text, format }: SealedFile): string {
  if (format === 'json') return JSON.stringify({ sops: JSON.parse(text).sops });
  return text.slice(text.search(/^sops/m));
}

export const TAMPERINGS: readonly Tampering[] = [
  {
    what: 'a value was added in clear',
    as: 'sops-not-encrypted',
    by: ({ text }) =>
      withLine(text, 'second', (line) => `${line}\n${line.replace('second', 'added').replace(/ENC\[.*\]/, 'x')}\n`),
  },
  {
    what: 'a value was added that is encrypted under another name',
    as: 'sops-damaged',
    by: ({ text }) => withLine(text, 'second', (line) => `${line}\n${line.replace('second', 'added')}\n`),
  },
  {
    what: 'an item was added to a list a second time',
    as: 'sops-mac-mismatch',
    by: ({ text }) => text.replace(/^(\s+(?:- )?"?ENC.*)\n/m, (line) => `${line.replace(/"\n$/, '",\n')}${line}`),
    in: ['yaml', 'json'],
  },
  {
    what: 'an item of a list was moved',
    as: 'sops-mac-mismatch',
    by: ({ text }) => text.replace(/(\s+(?:- )?"?)(ENC\S+\])("?,?)(\s+(?:- )?"?)(ENC\S+\])/, '$1$5$3$4$2'),
    in: ['yaml', 'json'],
  },
  { what: 'a value was removed', as: 'sops-mac-mismatch', by: ({ text }) => withLine(text, 'second', () => '') },
  {
    what: 'two values changed places with their names',
    as: 'sops-mac-mismatch',
    by: ({ text }) =>
      withLine(
        withLine(text, 'second', () => ''),
        'first',
        (line) => `${lineOf(text, 'second')}\n${line}\n`,
      ),
  },
  {
    what: 'a value was replaced by one in clear',
    as: 'sops-not-encrypted',
    by: ({ text }) => withValue(text, 'first', 'evil'),
  },
  { what: 'a value was emptied', as: 'sops-mac-mismatch', by: ({ text }) => withValue(text, 'first', '') },
  { what: 'a value was renamed', as: 'sops-damaged', by: ({ text }) => text.replace(/\bsecond\b/, 'renamed') },
  {
    what: 'two values were swapped',
    as: 'sops-damaged',
    by: ({ text }) => withValue(withValue(text, 'first', cipherOf(text, 'second')), 'second', cipherOf(text, 'first')),
  },
  {
    what: 'a value is that of an older version',
    as: 'sops-mac-mismatch',
    by: ({ text, older }) => withValue(text, 'first', cipherOf(older, 'first')),
  },
  {
    what: 'a value is that of another file',
    as: 'sops-damaged',
    by: ({ text, foreign }) => withValue(text, 'first', cipherOf(foreign, 'first')),
  },
  {
    what: 'a bit of a ciphertext was changed',
    as: 'sops-damaged',
    by: ({ text }) => withValue(text, 'first', flipped(cipherOf(text, 'first'), 'data')),
  },
  {
    what: 'an initialisation vector was changed',
    as: 'sops-damaged',
    by: ({ text }) => withValue(text, 'first', flipped(cipherOf(text, 'first'), 'iv')),
  },
  {
    what: 'a tag was changed',
    as: 'sops-damaged',
    by: ({ text }) => withValue(text, 'first', flipped(cipherOf(text, 'first'), 'tag')),
  },
  {
    what: 'a tag was cut short',
    as: 'sops-damaged',
    by: ({ text }) => withValue(text, 'first', cipherOf(text, 'first').replace(/tag:(.{4})[^,]*/, 'tag:$1')),
  },
  {
    what: 'something follows a ciphertext',
    as: 'sops-not-encrypted',
    by: ({ text }) => withValue(text, 'first', `${cipherOf(text, 'first')}x`),
  },
  {
    what: 'a value pretends to be a comment',
    as: 'sops-damaged',
    by: ({ text }) => withValue(text, 'first', cipherOf(text, 'first').replace('type:str', 'type:comment')),
  },
  {
    what: 'a value has a type that is none',
    as: 'sops-damaged',
    by: ({ text }) => withValue(text, 'first', cipherOf(text, 'first').replace('type:str', 'type:toString')),
  },
  { what: 'the MAC was removed', as: 'sops-damaged', by: ({ text }) => withLine(text, 'mac', () => '') },
  { what: 'the MAC was emptied', as: 'sops-damaged', by: ({ text }) => withValue(text, 'mac', '') },
  { what: 'the MAC was replaced by a text', as: 'sops-mac-mismatch', by: ({ text }) => withValue(text, 'mac', 'none') },
  {
    what: 'the MAC is that of an older version',
    as: 'sops-mac-mismatch',
    by: ({ text, older }) => withValue(text, 'mac', cipherOf(older, 'mac')),
  },
  {
    what: 'the MAC and the time are those of an older version',
    as: 'sops-mac-mismatch',
    by: ({ text, older }) =>
      withLine(
        withValue(text, 'mac', cipherOf(older, 'mac')),
        'lastmodified',
        () => `${lineOf(older, 'lastmodified')}\n`,
      ),
  },
  {
    what: 'the MAC is that of another file',
    as: 'sops-mac-mismatch',
    by: ({ text, foreign }) => withValue(text, 'mac', cipherOf(foreign, 'mac')),
  },
  {
    what: 'the time of the last change was changed',
    as: 'sops-mac-mismatch',
    by: ({ text }) => text.replace('2026-02-02', '2026-02-03'),
  },
  {
    what: 'the time of the last change was removed',
    as: 'sops-damaged',
    by: ({ text }) => withLine(text, 'lastmodified', () => ''),
  },
  {
    what: 'a value that is not encrypted was changed',
    as: 'sops-mac-mismatch',
    by: ({ text }) => withValue(text, 'last_unencrypted', 'evil'),
  },
  {
    what: 'a value that is not encrypted was removed',
    as: 'sops-mac-mismatch',
    by: ({ text }) => withLine(text, 'last_unencrypted', () => ''),
  },
  {
    what: 'the rule was turned round',
    as: 'sops-not-encrypted',
    by: ({ text }) =>
      withLine(text, 'unencrypted_suffix', (line) => `${line.replace('unencrypted_suffix', 'encrypted_suffix')}\n`),
  },
  {
    what: 'the rule leaves a value out',
    as: 'sops-not-encrypted',
    by: ({ text }) =>
      withLine(
        text,
        'unencrypted_suffix',
        (line) =>
          `${line.replace('unencrypted_suffix', 'unencrypted_regex').replace(/"?_unencrypted"?(,?)$/, line.includes('"') ? '"first"$1' : 'first')}\n`,
      ),
  },
  {
    what: 'the MAC is said to be one of encrypted values alone',
    as: 'sops-mac-mismatch',
    by: ({ text }) =>
      withLine(
        text,
        'version',
        (line) => `${line.replace('version', 'mac_only_encrypted').replace(/"?3[.\d]+"?/, 'true')}\n`,
      ),
  },
  {
    what: 'every value was removed',
    as: 'sops-mac-mismatch',
    by: withoutValues,
  },
  {
    what: 'lines end as on Windows',
    as: 'sops-damaged',
    by: ({ text }) => text.replaceAll('\n', '\r\n'),
    in: ['dotenv'],
  },
];
