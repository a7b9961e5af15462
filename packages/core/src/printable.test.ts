import { expect, it } from 'vitest';
import { describeFinding } from './errors.ts';
import { oneLine, printable } from './printable.ts';

it.each([
  ['one\n::error::two\r\nthree', 'one ::error::two three', 'one\n::error::two\nthree'],
  ['\u001b[2J\u001b]0;title\u0007', ' [2J ]0;title ', ' [2J ]0;title '],
  ['\u009b31mred', ' 31mred', ' 31mred'],
  ['over\rwritten\b\b', 'over written ', 'over written '],
  ['a\tb', 'a b', 'a\tb'],
  ['a\u202ebackwards\u2028', 'a backwards ', 'a backwards '],
  ['ünïcode 🚀', 'ünïcode 🚀', 'ünïcode 🚀'],
])('%j steers no terminal, as one line nor as lines', (text, line, lines) => {
  expect(oneLine(text)).toBe(line);
  expect(printable(text)).toBe(lines);
});

it('a finding is one line, whatever the file says that it is about', () => {
  const place = { file: 'a\n.yaml', line: 1, column: 2 };
  const said = describeFinding({
    rule: 'a/b',
    severity: 'error',
    ...place,
    message: 'no `x\n::x::`',
    remedy: 'add\u001b',
  });
  expect(said).toBe('a .yaml:1:2: no `x ::x::` → add  [a/b]');
});
