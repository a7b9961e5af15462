import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { RepositoryView } from '@gitops/core';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openCommit, openCommonCommit } from './commit-view.ts';
import { openRepository } from './open-repository.ts';

let root: string;

beforeEach(async () => {
  root = await realpath(await mkdtemp(join(tmpdir(), 'gitops-commit-')));
  git('init', '--quiet', '--initial-branch=main');
});

afterEach(() => rm(root, { recursive: true, force: true }));

function git(...args: string[]): string {
  const identity = ['-c', 'user.name=Test', '-c', 'user.email=test@example.com', '-c', 'protocol.file.allow=always'];
  return execFileSync('git', [...identity, ...args], {
    cwd: root,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

async function write(path: string, content: string): Promise<void> {
  await mkdir(dirname(join(root, path)), { recursive: true });
  await writeFile(join(root, path), content);
}

function commit(): string {
  git('add', '--all');
  git('commit', '--quiet', '--message', 'change');
  return git('rev-parse', 'HEAD').trim();
}

async function open(directory: string, revision: string): Promise<RepositoryView> {
  const view = await openCommit(await openRepository(directory), revision);
  if (!view) throw new Error(`${revision} is not there`);
  return view;
}

async function contents(view: RepositoryView, folder = ''): Promise<Record<string, string>> {
  const files = await view.list(folder);
  const read = files.map(async ({ path }) => [path, (await view.read(path)).toString()] as const);
  return Object.fromEntries(await Promise.all(read));
}

test('another commit is seen as it was: changed, removed, renamed and untouched files', async () => {
  for (const name of ['same', 'changed', 'removed', 'sub/old name']) await write(name, `${name} as it was\n`);
  const before = commit();
  git('mv', 'sub/old name', 'sub/new name');
  git('rm', '--quiet', 'removed');
  await write('changed', 'now');
  await write('added', 'now');
  commit();
  await write('same', 'not committed');
  expect(await contents(await open(root, before))).toEqual({
    same: 'same as it was\n',
    changed: 'changed as it was\n',
    removed: 'removed as it was\n',
    'sub/old name': 'sub/old name as it was\n',
  });
});

test('the newest common commit counts, so that what others merged meanwhile is no difference', async () => {
  await write('file', 'common');
  const common = commit();
  git('switch', '--quiet', '--create', 'topic');
  await write('file', 'of the topic');
  commit();
  git('switch', '--quiet', 'main');
  await write('file', 'of others');
  commit();
  git('switch', '--quiet', 'topic');
  const view = await openCommonCommit(await openRepository(root), 'main');
  expect([view?.commit, view && (await contents(view))]).toEqual([common, { file: 'common' }]);
  expect(await contents(await open(root, 'main')), 'unless exactly that commit is asked for').toEqual({
    file: 'of others',
  });
});

test('links are followed inside of that commit, and those that leave the repository refused', async () => {
  await write('shared/a', 'behind a link');
  await mkdir(join(root, 'stack'));
  await symlink('../shared', join(root, 'stack/folder'));
  await symlink('../../outside', join(root, 'stack/out'));
  const before = commit();
  await rm(join(root, 'stack'), { recursive: true });
  commit();
  const view = await open(root, before);
  expect(String(await view.read('stack/folder/a'))).toBe('behind a link');
  expect(await view.stat('stack/folder')).toBe('folder');
  await expect(view.read('stack/out')).rejects.toMatchObject({ code: 'path-outside' });
  await expect(view.read('../etc/passwd')).rejects.toMatchObject({ code: 'path-outside' });
});

test('a repository within a folder of a work tree sees that folder alone', async () => {
  await write('infra/file', 'inside');
  await write('else', 'outside');
  const before = commit();
  await write('infra/file', 'changed');
  commit();
  const view = await open(join(root, 'infra'), before);
  expect([view.prefix, await contents(view)]).toEqual(['infra/', { file: 'inside' }]);
});

test('a commit that is not in the clone is none, and nothing is taken for an option', async () => {
  await write('file', 'x');
  commit();
  const view = await openRepository(root);
  expect(await openCommit(view, 'f'.repeat(40))).toBeUndefined();
  expect(await openCommit(view, '--output=/tmp/x')).toBeUndefined();
});
