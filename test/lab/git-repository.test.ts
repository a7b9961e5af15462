import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { createRepository } from './git-repository.ts';

test('a repository records written and removed files on main, and goes away with its scope', async () => {
  const repository = await createRepository({ 'a/b.txt': 'one', 'c.txt': 'two' });
  await repository.write({ 'a/b.txt': 'three' });
  await repository.remove('c.txt');
  const sha = await repository.commit('Change');
  expect(await repository.git('rev-parse', 'main')).toBe(sha);
  expect(await repository.git('show', '--name-status', '--format=%an', 'HEAD')).toBe('Lab\n\nM\ta/b.txt\nD\tc.txt');
  await repository[Symbol.asyncDispose]();
  expect(existsSync(repository.path)).toBe(false);
});
