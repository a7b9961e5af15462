import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { commitFiles, readGitState, startRepository } from './fresh-repository.ts';

let root: string;

beforeEach(async () => {
  root = await realpath(await mkdtemp(join(tmpdir(), 'gitops-fresh-')));
  await writeFile(join(root, '.gitconfig'), '[user]\nname = Test\nemail = test@example.com\n');
  vi.stubEnv('HOME', root);
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(root, { recursive: true, force: true });
});

test('a folder is none, then an empty repository on main, then one with commits', async () => {
  const folder = join(root, 'infra');
  expect(await readGitState(folder)).toEqual({ kind: 'none', branch: 'main' });
  await startRepository(folder);
  expect(await readGitState(folder)).toEqual({ kind: 'empty', branch: 'main' });
  await writeFile(join(folder, 'a'), '');
  await commitFiles(folder, ['a'], 'Add a');
  expect(await readGitState(folder)).toEqual({ kind: 'has-commits', branch: 'main' });
  await commitFiles(folder, ['a'], 'Add a again');
  expect(execFileSync('git', ['log', '--format=%s'], { cwd: folder, encoding: 'utf8' })).toBe('Add a\n');
});

test('a folder within a repository is refused, since workflows are found at the root only', async () => {
  await startRepository(root);
  await mkdir(join(root, 'below'));
  await expect(readGitState(join(root, 'below'))).rejects.toThrow(`it lies within the git repository ${root}`);
});

test('a commit takes the named files alone', async () => {
  await startRepository(root);
  await writeFile(join(root, 'mine'), '');
  await writeFile(join(root, 'ours'), '');
  execFileSync('git', ['add', 'mine'], { cwd: root });
  await commitFiles(root, ['ours'], 'Add ours');
  expect(execFileSync('git', ['ls-tree', '--name-only', 'HEAD'], { cwd: root, encoding: 'utf8' })).toBe('ours\n');
});
