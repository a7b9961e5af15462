import { describe, expect, test } from 'vitest';
import { isPlainlySet, parseDotenv, readDotenv } from './dotenv.ts';

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

describe('a variable is plainly set', () => {
  test.each([
    ['on a line of its own', 'A=1\nF=a/b-1.env\n'],
    ['beside other names', 'MY_F=x\nF=a\nF_2=y\nX=F\nX.F=z\n'],
    ['beside a comment', '# F=b\nF=a\n  # F = c\n'],
    ['in quotes, with export, or twice alike', 'export F=\'a\'\nF = "a"\r\n'],
    ['nowhere', 'A=1\n'],
  ])('%s', (_, text) => {
    expect(isPlainlySet('F', [[text]])).toBe(true);
  });

  test.each([
    ['twice', 'F=a\nF=b\n'],
    ['out of another one', 'F=$A\n'],
    ['behind something else', 'X="1" F=a\n'],
    ['within quotes, perhaps', 'F=a\nX="\n# " F=b\n'],
    ['with a comment behind it', 'F=a # b\n'],
    ['as YAML would', 'F: a\n'],
    ['behind an odd blank', 'F=a\nF\u0085=b\n'],
    ['with an export that belongs to it', 'F=a\nexportF=b\n'],
    ['with blanks in it', 'F=a b\n'],
  ])('not %s', (_, text) => {
    expect(isPlainlySet('F', [[text]])).toBe(false);
  });

  test('where the first of several files says so', () => {
    expect(isPlainlySet('F', [['F=a'], ['F=b # odd']])).toBe(true);
    expect(isPlainlySet('F', [['A=1'], ['F=b', 'F=c']])).toBe(false);
  });
});

test('variables that grow without end are not read to the end', () => {
  const lines = Array.from({ length: 60 }, (_, index) => `V${index + 1}=$V${index}$V${index}\n`);
  expect(readDotenv(`V0=0123456789\n${lines.join('')}`).isOverlong).toBe(true);
  expect(readDotenv(`A=0123456789\n${'A=$A$A\n'.repeat(60)}`).isOverlong).toBe(true);
  expect(readDotenv(`A=${'x'.repeat(100_000)}\nB=$A\n`)).toMatchObject({ isOverlong: false });
});
