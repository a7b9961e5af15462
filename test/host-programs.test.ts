import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { PROGRAM_FILES } from '../scripts/generate-programs.ts';

const folder = join(import.meta.dirname, '..', 'packages', 'host', 'src', 'program');

/** With the comments, which a program loses: they hold what shellcheck is told about single lines. */
function sourceOf(file: string): string {
  return readFileSync(join(folder, `${file}.sh`), 'utf8');
}

it.each(Object.entries(PROGRAM_FILES))('%s holds nothing that shellcheck finds fault with', (_, files) => {
  const input = files.map(sourceOf).join('');
  const { stdout, error } = spawnSync('shellcheck', ['-s', 'sh', '-f', 'gcc', '-'], { input, encoding: 'utf8' });
  expect(error).toBeUndefined();
  expect(stdout).toBe('');
});

it('every file is part of a program', () => {
  const used = new Set<string>(Object.values(PROGRAM_FILES).flat());
  const files = readdirSync(folder).filter((file) => file.endsWith('.sh'));
  expect(files.filter((file) => !used.has(file.replace('.sh', '')))).toEqual([]);
});
