import { mkdir, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { RepositoryView } from '@gitops/core';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openCommit, openCommonCommit } from './commit-view.ts';
import { openRepository } from './open-repository.ts';
import { startTrialRepository, type TrialRepository } from './testing/trial-repository.ts';

let repository: TrialRepository;

beforeEach(async () => {
  repository = await startTrialRepository();
});

afterEach(() => repository.remove());

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
  for (const name of ['same', 'changed', 'removed', 'sub/old name'])
    await repository.write(name, `${name} as it was\n`);
  const before = repository.commit();
  repository.git('mv', 'sub/old name', 'sub/new name');
  repository.git('rm', '--quiet', 'removed');
  await repository.write('changed', 'now');
  await repository.write('added', 'now');
  repository.commit();
  await repository.write('same', 'not committed');
  expect(await contents(await open(repository.root, before))).toEqual({
    same: 'same as it was\n',
    changed: 'changed as it was\n',
    removed: 'removed as it was\n',
    'sub/old name': 'sub/old name as it was\n',
  });
});

test('the newest common commit counts, so that what others merged meanwhile is no difference', async () => {
  await repository.write('file', 'common');
  const common = repository.commit();
  repository.git('switch', '--quiet', '--create', 'topic');
  await repository.write('file', 'of the topic');
  repository.commit();
  repository.git('switch', '--quiet', 'main');
  await repository.write('file', 'of others');
  repository.commit();
  repository.git('switch', '--quiet', 'topic');
  const view = await openCommonCommit(await openRepository(repository.root), 'main');
  expect([view?.commit, view && (await contents(view))]).toEqual([common, { file: 'common' }]);
  expect(await contents(await open(repository.root, 'main')), 'unless exactly that commit is asked for').toEqual({
    file: 'of others',
  });
});

test('links are followed inside of that commit, and those that leave the repository refused', async () => {
  await repository.write('shared/a', 'behind a link');
  await mkdir(join(repository.root, 'stack'));
  await symlink('../shared', join(repository.root, 'stack/folder'));
  await symlink('../../outside', join(repository.root, 'stack/out'));
  const before = repository.commit();
  await rm(join(repository.root, 'stack'), { recursive: true });
  repository.commit();
  const view = await open(repository.root, before);
  expect(String(await view.read('stack/folder/a'))).toBe('behind a link');
  expect(await view.stat('stack/folder')).toBe('folder');
  await expect(view.read('stack/out')).rejects.toMatchObject({ code: 'path-outside' });
  await expect(view.read('../etc/passwd')).rejects.toMatchObject({ code: 'path-outside' });
});

test('a repository within a folder of a work tree sees that folder alone', async () => {
  await repository.write('infra/file', 'inside');
  await repository.write('else', 'outside');
  const before = repository.commit();
  await repository.write('infra/file', 'changed');
  repository.commit();
  const view = await open(join(repository.root, 'infra'), before);
  expect([view.prefix, await contents(view)]).toEqual(['infra/', { file: 'inside' }]);
});

test('a commit that is not in the clone is none, and nothing is taken for an option', async () => {
  await repository.write('file', 'x');
  repository.commit();
  const view = await openRepository(repository.root);
  expect(await openCommit(view, 'f'.repeat(40))).toBeUndefined();
  expect(await openCommit(view, '--output=/tmp/x')).toBeUndefined();
});
