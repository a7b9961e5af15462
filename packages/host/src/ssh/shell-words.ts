import { GitopsError } from '@gitops/core';

/**
 * Quotes words for a POSIX sh, so that the shell gives back exactly these words.
 *
 * fish reads it alike, to which a backslash within single quotes means something: each stands outside of them.
 *
 * Every word is quoted, even a plain one: a bare `if`, `a=b`, `2` or `~` means something else to a shell, depending on
 * where the caller puts it.
 *
 * @throws GitopsError `shell-word` if a word holds a NUL, which no argument of a program can carry.
 */
export function quote(argv: readonly string[]): string {
  return argv.map(quoteWord).join(' ');
}

function quoteWord(word: string): string {
  if (word.includes('\0')) throw nulError(word);
  return `'${word.replace(/['\\]/g, "'\\$&'")}'`;
}

function nulError(word: string): GitopsError {
  return new GitopsError('shell-word', {
    attempted: 'quote a word for the shell of the host',
    seen: `it holds a NUL at position ${word.indexOf('\0')}`,
    remedy: 'send such bytes on standard input instead of as an argument',
  });
}
