import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { PROGRAMS } from '../programs.generated.ts';

type ProgramName = keyof typeof PROGRAMS;

const names = Object.keys(PROGRAMS) as ProgramName[];

/** The files that a program is made of, with their comments: those hold what shellcheck is told about single lines. */
function filesOf(name: ProgramName): readonly string[] {
  const own = name === 'keeper' ? 'lease' : name;
  const shared = { audit: 'append_record() (', launch: 'start_supervisor() {' };
  const used = Object.entries(shared).filter(([, start]) => PROGRAMS[name].includes(start));
  return ['state', ...used.map(([file]) => file), own];
}

function sourceOf(file: string): string {
  return readFileSync(join(import.meta.dirname, `${file}.sh`), 'utf8');
}

it.each(names)('%s holds nothing that shellcheck finds fault with', (name) => {
  const input = filesOf(name).map(sourceOf).join('');
  const { stdout, error } = spawnSync('shellcheck', ['-s', 'sh', '-f', 'gcc', '-'], { input, encoding: 'utf8' });
  expect(error).toBeUndefined();
  expect(stdout).toBe('');
});

it('every file is part of a program', () => {
  const used = new Set(names.flatMap(filesOf));
  const files = readdirSync(import.meta.dirname).filter((file) => file.endsWith('.sh'));
  expect(files.filter((file) => !used.has(file.replace('.sh', '')))).toEqual([]);
});
