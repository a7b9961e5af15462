import { chmod, chown, mkdir, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { openRepository } from './open-repository.ts';
import { startTrialRepository, type TrialRepository } from './testing/trial-repository.ts';

let repository: TrialRepository;

beforeEach(async () => {
  repository = await startTrialRepository();
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await repository.remove();
});

test('the commit and its ancestors are those of HEAD, newest first', async () => {
  const commits = Array.from({ length: 3 }, repository.commit);
  const { commit: head, ancestors } = await openRepository(repository.root);
  expect([head, ...ancestors]).toEqual(commits.reverse());
});

test('what is asked for by another way than its path is found as well, and nothing outside', async () => {
  await repository.write('stack/compose.yaml');
  repository.commit();
  const view = await openRepository(repository.root);
  const kinds = ['', '.', 'stack', 'stack/', './stack', 'stack/../stack/compose.yaml', 'stack/none', 'none/none'];
  expect(await Promise.all(kinds.map((path) => view.stat(path)))).toEqual([
    ...['folder', 'folder', 'folder', 'folder', 'folder', 'file', undefined, undefined],
  ]);
  for (const path of ['..', '../x', 'stack/../..', '.git', '.git/config']) {
    await expect(view.stat(path)).rejects.toMatchObject({ code: 'path-outside' });
  }
});

test('a shallow clone has the ancestors it has', async () => {
  repository.commit();
  const newest = repository.commit();
  repository.git('clone', '--quiet', '--depth=1', `file://${repository.root}`, 'clone');
  const view = await openRepository(join(repository.root, 'clone'));
  expect([view.commit, view.ancestors]).toEqual([newest, []]);
});

test('files are listed in byte order with the executable bit git keeps', async () => {
  for (const path of ['stack/b.sh', 'stack/B', 'stack/ä', 'stack/\u{1F600}', 'stack/\uFF5E', 'other/x', 'stack-two/x'])
    await repository.write(path);
  await chmod(join(repository.root, 'stack/b.sh'), 0o755);
  repository.commit();
  await chmod(join(repository.root, 'stack/b.sh'), 0o644);
  repository.git('config', 'core.fileMode', 'false');
  expect(await (await openRepository(repository.root)).list('stack')).toEqual([
    { path: 'stack/B', executable: false },
    { path: 'stack/b.sh', executable: true },
    { path: 'stack/ä', executable: false },
    { path: 'stack/\uFF5E', executable: false },
    { path: 'stack/\u{1F600}', executable: false },
  ]);
});

test('new files count with the bit of the disk, ignored and deleted ones do not', async () => {
  await repository.write('.gitignore', '.env\n');
  await repository.write('deleted');
  await repository.write('staged');
  repository.commit();
  await rm(join(repository.root, 'deleted'));
  repository.git('rm', '--quiet', 'staged');
  await repository.write('.env', 'A=1');
  await repository.write('new.sh');
  await chmod(join(repository.root, 'new.sh'), 0o755);
  const view = await openRepository(repository.root);
  expect(await view.list('')).toEqual([
    { path: '.gitignore', executable: false },
    { path: 'new.sh', executable: true },
  ]);
  expect([...view.uncommitted].sort()).toEqual(['deleted', 'new.sh', 'staged']);
});

test('an ignored file is found and read when it is asked for by name', async () => {
  await repository.write('.gitignore', '.env\n');
  await repository.write('.env', 'A=1');
  repository.commit();
  const view = await openRepository(repository.root);
  expect([await view.stat('.env'), String(await view.read('.env'))]).toEqual(['file', 'A=1']);
  expect(view.uncommitted).toEqual([]);
});

test('content is that of the work tree', async () => {
  await repository.write('file', 'old');
  repository.commit();
  await repository.write('file', 'new');
  const view = await openRepository(repository.root);
  expect(String(await view.read('file'))).toBe('new');
  expect(view.uncommitted).toEqual(['file']);
});

test('the root may be a folder of a larger work tree', async () => {
  await repository.write('infrastructure/stack/compose.yaml');
  await repository.write('infrastructure/new');
  await repository.write('elsewhere');
  repository.git('add', 'infrastructure/stack');
  repository.git('commit', '--quiet', '--message', 'change');
  const view = await openRepository(join(repository.root, 'infrastructure'));
  expect((await view.list('')).map(({ path }) => path)).toEqual(['new', 'stack/compose.yaml']);
  expect(view.uncommitted).toEqual(['new']);
  await expect(view.read('../elsewhere')).rejects.toMatchObject({ code: 'path-outside' });
});

test('submodules and repositories within the repository are left out', async () => {
  await repository.write('file');
  repository.commit();
  repository.git('clone', '--quiet', repository.root, 'nested');
  repository.git('submodule', '--quiet', 'add', repository.root, 'module');
  repository.git('commit', '--quiet', '--message', 'module');
  const view = await openRepository(repository.root);
  expect((await view.list('')).map(({ path }) => path)).toEqual(['.gitmodules', 'file']);
  expect(view.uncommitted).toEqual([]);
});

test('a link within the repository is listed with its target and read through', async () => {
  await repository.write('shared/run.sh', 'run');
  await chmod(join(repository.root, 'shared/run.sh'), 0o755);
  await mkdir(join(repository.root, 'stack'));
  await symlink('../shared/run.sh', join(repository.root, 'stack/run.sh'));
  await symlink('nowhere', join(repository.root, 'stack/dangling'));
  repository.commit();
  const view = await openRepository(repository.root);
  expect(await view.list('stack')).toEqual([
    { path: 'stack/dangling', executable: false, linkTarget: 'stack/nowhere' },
    { path: 'stack/run.sh', executable: true, linkTarget: 'shared/run.sh' },
  ]);
  expect(String(await view.read('stack/run.sh'))).toBe('run');
  expect(await view.isExecutable('stack/run.sh')).toBe(true);
  expect(await view.stat('stack/dangling')).toBeUndefined();
});

test.each(['/etc/hostname', '../../outside', '/nowhere/at/all'])(
  'a link to %s is refused, with its name and target',
  async (target) => {
    await mkdir(join(repository.root, 'stack'));
    await symlink(target, join(repository.root, 'stack/link'));
    repository.commit();
    const error = await (await openRepository(repository.root)).list('stack').catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'path-outside' });
    expect(String(error)).toContain('stack/link');
    expect(String(error)).toContain(target);
  },
);

test('a path through a linked folder that leaves the repository is refused', async () => {
  await symlink('/etc', join(repository.root, 'link'));
  repository.commit();
  const view = await openRepository(repository.root);
  await expect(view.read('link/hostname')).rejects.toMatchObject({ code: 'path-outside' });
  await expect(view.stat('link/hostname')).rejects.toMatchObject({ code: 'path-outside' });
});

test("git's own files, which may hold a token, are refused", async () => {
  repository.commit();
  await expect((await openRepository(repository.root)).read('.git/config')).rejects.toMatchObject({
    code: 'path-outside',
  });
});

test("a link to git's own files is refused too", async () => {
  await symlink('.git/config', join(repository.root, 'file'));
  await symlink('.git', join(repository.root, 'folder'));
  repository.commit();
  const view = await openRepository(repository.root);
  await expect(view.read('file')).rejects.toMatchObject({ code: 'path-outside' });
  await expect(view.read('folder/config')).rejects.toMatchObject({ code: 'path-outside' });
  await expect(view.list('')).rejects.toMatchObject({ code: 'path-outside' });
});

test('a file that is not there is said to be missing', async () => {
  repository.commit();
  const view = await openRepository(repository.root);
  expect(await view.stat('nothing/here')).toBeUndefined();
  await expect(view.read('nothing/here')).rejects.toMatchObject({ code: 'file-missing' });
});

test('variables that point git elsewhere are not followed', async () => {
  const head = repository.commit();
  for (const name of ['GIT_DIR', 'GIT_WORK_TREE', 'GIT_INDEX_FILE', 'GIT_PREFIX']) vi.stubEnv(name, '/nowhere');
  vi.stubEnv('PAGER', 'false');
  expect((await openRepository(repository.root)).commit).toBe(head);
});

test.each([
  ['without a commit', '.', /no commit yet/],
  ['that does not exist', 'nowhere', /no such folder/],
  ['that is git’s own', '.git', /not a git work tree/],
])('a folder %s is no repository', async (_, path, seen) => {
  const opening = openRepository(join(repository.root, path));
  await expect(opening).rejects.toMatchObject({ code: 'not-a-repository', seen: expect.stringMatching(seen) });
});

test('a folder outside of any work tree is no repository', async () => {
  await rm(join(repository.root, '.git'), { recursive: true });
  await expect(openRepository(repository.root)).rejects.toMatchObject({ code: 'not-a-repository' });
});

// Only repository.root can give a checkout away.
test('a checkout of another user is refused with the way to trust it', async () => {
  repository.commit();
  await chown(repository.root, 12345, 12345);
  await chown(join(repository.root, '.git'), 12345, 12345);
  vi.stubEnv('GIT_CONFIG_GLOBAL', '/dev/null');
  const error = await openRepository(repository.root).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ code: 'unsafe-repository' });
  expect(String(error)).toContain(`git config --global --add safe.directory ${repository.root}`);
});
