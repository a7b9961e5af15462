import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { quote } from './shell-words.ts';

const SHELLS: readonly (readonly string[])[] = [
  ['sh', '-c'],
  ['dash', '-c'],
  ['/bin/busybox', 'sh', '-c'],
  ['bash', '-c'],
  ['zsh', '-c'],
];

function wordsAsSeenBy(shell: readonly string[], quoted: string): string[] {
  const [program = '', ...args] = shell;
  const script = `set -- ${quoted}\nfor word do printf '%s\\0' "$word"; done`;
  return execFileSync(program, [...args, script])
    .toString()
    .split('\0')
    .slice(0, -1);
}

const word = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: fc.constantFrom(...'\'"\\\n\t $`!*?~#&;|<>(){}[]=-%aé') }),
  fc.constantFrom('', '-n', '--', '-e', '~', 'if', 'a=b', "'", "''", '\\', '\n', '$(touch x)', '*', 'ünï ☃ 𝄞', '\r\n'),
);
const words = fc.array(
  word.map((text) => text.replaceAll('\0', '')),
  { minLength: 1, maxLength: 6 },
);

describe('quote', () => {
  it.each(SHELLS)('gives %s back exactly the words it got', (...shell) => {
    fc.assert(
      fc.property(words, (argv) => {
        expect(wordsAsSeenBy(shell, quote(argv))).toEqual(argv);
      }),
      { numRuns: 150 },
    );
  });

  it('makes a command that runs the program with that name, even if the shell has a word for it', () => {
    expect(quote(['if', 'a=b'])).toBe("'if' 'a=b'");
  });

  it('refuses a NUL, which no argument can carry', () => {
    expect(() => quote(['fine', 'a\0b'])).toThrow(/NUL at position 1/);
  });
});
