import { encryptSops, reencryptSops } from '../encrypt.ts';
import type { SopsFormat } from '../sops-format.ts';
import type { AgeKey } from './age-key.ts';

/** An encrypted file, and what somebody who has no key but may write to the repository could take from elsewhere. */
export interface SealedFile {
  readonly format: Exclude<SopsFormat, 'binary'>;
  readonly text: string;
  /** An older version of the same file, with another value of `first`. */
  readonly older: string;
  /** A file of the same names with another data key. */
  readonly foreign: string;
}

const CONTENTS: Readonly<Record<SealedFile['format'], (first: string) => string>> = {
  dotenv: (first) => `# note\nfirst=${first}\nsecond=two\nitem=a\nlast_unencrypted=open\nempty=\n`,
  yaml: (first) => `# note\nfirst: ${first}\nsecond: two\nlist:\n    - a\n    - b\nlast_unencrypted: open\nempty: ""\n`,
  json: (first) =>
    `${JSON.stringify({ first, second: 'two', list: ['a', 'b'], last_unencrypted: 'open', empty: '' }, undefined, '\t')}\n`,
};

export async function sealedFile(format: SealedFile['format'], key: AgeKey): Promise<SealedFile> {
  const target = { format, recipients: [key.recipient] };
  const seal = (first: string) => encryptSops(Buffer.from(CONTENTS[format](first)), target, new Date('2026-01-01'));
  const older = await seal('old');
  const content = Buffer.from(CONTENTS[format]('one'));
  const text = await reencryptSops(older, content, [key.identity], new Date('2026-02-02'));
  return { format, text, older, foreign: await seal('one') };
}

/** Where the line of a value is in a file. */
export function lineOf(text: string, name: string): string {
  const line = text.split('\n').find((each) => new RegExp(`^\\s*"?(?:sops_)?${name}"?\\s*[:=]`).test(each));
  if (line === undefined) throw new Error(`there is no line of ${name}`);
  return line;
}

/** The encrypted value in a line. */
export function cipherOf(text: string, name: string): string {
  return /ENC\[.*?\]/.exec(lineOf(text, name))?.[0] ?? '';
}

/** The file with another text in the line of a value. */
export function withLine(text: string, name: string, change: (line: string) => string): string {
  const line = lineOf(text, name);
  return text.replace(`${line}\n`, () => change(line));
}

/** The file with another value under a name; in JSON and dotenv it is a text. */
export function withValue(text: string, name: string, value: string): string {
  return withLine(
    text,
    name,
    (line) =>
      `${line.replace(/([:=]\s*)"?[^"]*"?(,?)$/, (_, start: string, end: string) => `${start}${/^\s*"/.test(line) ? JSON.stringify(value) : value}${end}`)}\n`,
  );
}
