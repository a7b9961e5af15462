import { generateX25519Identity, identityToRecipient } from 'age-encryption';
import { expect, test } from 'vitest';
import { encryptSops } from '../sops/encrypt.ts';
import { dotenvDifferences, type ReadDotenv } from './dotenv-differences.ts';

const FILE = '.env.encrypted';

/** A reader with the traps of Compose's. */
const readAsCompose: ReadDotenv = (text) =>
  Object.fromEntries(
    text.split('\n').flatMap((line) => {
      const [, name, value = ''] = /^\s*(?:export\s+)?([A-Za-z_]\w*)\s*=\s*(.*)$/.exec(line) ?? [];
      return name === undefined ? [] : [[name, unquoted(value.trim())]];
    }),
  );

function unquoted(value: string): string {
  if (/^'.*'$/.test(value)) return value.slice(1, -1);
  const inner = /^".*"$/.test(value) ? value.slice(1, -1).replaceAll('\\n', '\n') : value.replace(/\s#.*$/, '');
  return inner.replace(/\$\w+/g, '');
}

async function found(...lines: readonly string[]) {
  const decrypted = `${lines.join('\n')}\n`;
  const recipient = await identityToRecipient(await generateX25519Identity());
  const encrypted = await encryptSops(Buffer.from(decrypted), { format: 'dotenv', recipients: [recipient] });
  return dotenvDifferences({ file: FILE, encrypted, decrypted }, readAsCompose).map(
    ({ severity, rule, line, message }) => `${severity} ${rule} ${line} ${message.replace(/^.*what is written: /, '')}`,
  );
}

test('what Compose reads as it is written is no finding', async () => {
  expect(await found('# a comment', 'A=1', "B=it's", 'URL=postgres://a:b@c/d?e=f', 'EMPTY=', 'X=a#b')).toEqual([]);
});

test.each([
  ['A=pa$word', '`$` begins a variable'],
  ['A=ab #cd', '` #` begins a comment'],
  ['A= padded', 'blanks at its ends fall away'],
  ['A=one\\ntwo', '`\\n` stays as it is, and is a new line for SOPS'],
  ['A=1\r', 'the line ends in a carriage return'],
])('%s is read differently', async (line, why) => {
  expect(await found('FIRST=1', line)).toEqual([`warning secret/compose-reads-differently 2 ${why}`]);
});

test('quotes around a value are mostly meant, so they are an info', async () => {
  const info = 'info secret/compose-reads-differently 1 the quotes around it fall away';
  expect(await found('A="hello world"')).toEqual([info]);
  expect(await found("A='pa$word'")).toEqual([info]);
  expect(await found('A="pa$word"')).toEqual(['warning secret/compose-reads-differently 1 `$` begins a variable']);
});

test('no finding repeats a value', async () => {
  expect((await found('A=hunter$22 #hunter33 \\nhunter44')).join()).not.toMatch(/hunter/);
});
