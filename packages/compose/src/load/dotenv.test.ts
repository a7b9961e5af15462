import { expect, test } from 'vitest';
import { parseDotenv } from './dotenv.ts';

test.each<[what: string, text: string, variables: Record<string, string>]>([
  ['plain values', 'A=1\nB = two words \nC=\n', { A: '1', B: 'two words', C: '' }],
  ['comments', '# A=1\nB=2 # two\nC=a#b\nD= # nothing\n', { B: '2', C: 'a#b', D: '' }],
  ['export and colons', 'export A=1\nB: 2\n', { A: '1', B: '2' }],
  ['single quotes, which are literal', "A='$B \\n # x'", { A: '$B \\n # x' }],
  ['double quotes, with escapes and comments behind', 'A="a\\nb \\"c\\"" # x', { A: 'a\nb "c"' }],
  ['quotes over several lines', 'A="1\n2"\nB=3', { A: '1\n2', B: '3' }],
  ['variables set above', 'A=1\nB=${A}2\nC="${B}3"\nD=${NO:-d}', { A: '1', B: '12', C: '123', D: 'd' }],
  ['lines of Windows', 'A=1\r\nB=2\r\n', { A: '1', B: '2' }],
  ['names without value, which stay unset', 'A\nB=1\n', { B: '1' }],
])('%s', (_, text, variables) => {
  expect(parseDotenv(text)).toEqual(variables);
});
