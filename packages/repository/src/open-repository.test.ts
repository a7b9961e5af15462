import { execFileSync } from 'node:child_process';
import { chmod, chown, mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { openRepository } from './open-repository.ts';

let root: string;

beforeEach(async () => {
  root = await realpath(await mkdtemp(join(tmpdir(), 'gitops-repository-')));
  git('init', '--quiet', '--initial-branch=main');
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(root, { recursive: true, force: true });
});

function git(...args: string[]): string {
  const identity = ['-c', 'user.name=Test', '-c', 'user.email=test@example.com', '-c', 'protocol.file.allow=always'];
  return execFileSync('git', [...identity, ...args], {
    cwd: root,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  }).trim();
}

async function write(path: string, content = 'content'): Promise<void> {
  await mkdir(dirname(join(root, path)), { recursive: true });
  await writeFile(join(root, path), content);
}

function commit(): string {
  git('add', '--all');
  git('commit', '--quiet', '--allow-empty', '--message', 'change');
  return git('rev-parse', 'HEAD');
}

test('the commit and its ancestors are those of HEAD, newest first', async () => {
  const commits = Array.from({ length: 3 }, commit);
  const { commit: head, ancestors } = await openRepository(root);
  expect([head, ...ancestors]).toEqual(commits.reverse());
});

test('what is asked for by another way than its path is found as well, and nothing outside', async () => {
  await write('stack/compose.yaml');
  commit();
  const view = await openRepository(root);
  const kinds = ['', '.', 'stack', 'stack/', './stack', 'stack/../stack/compose.yaml', 'stack/none', 'none/none'];
  expect(await Promise.all(kinds.map((path) => view.stat(path)))).toEqual([
    ...['folder', 'folder', 'folder', 'folder', 'folder', 'file', undefined, undefined],
  ]);
  for (const path of ['..', '../x', 'stack/../..', '.git', '.git/config']) {
    await expect(view.stat(path)).rejects.toMatchObject({ code: 'path-outside' });
  }
});

test('a shallow clone has the ancestors it has', async () => {
  commit();
  const newest = commit();
  git('clone', '--quiet', '--depth=1', `file://${root}`, 'clone');
  const view = await openRepository(join(root, 'clone'));
  expect([view.commit, view.ancestors]).toEqual([newest, []]);
});

test('files are listed in byte order with the executable bit git keeps', async () => {
  for (const path of ['stack/b.sh', 'stack/B', 'stack/ä', 'stack/\u{1F600}', 'stack/\uFF5E', 'other/x', 'stack-two/x'])
    await write(path);
  await chmod(join(root, 'stack/b.sh'), 0o755);
  commit();
  await chmod(join(root, 'stack/b.sh'), 0o644);
  git('config', 'core.fileMode', 'false');
  expect(await (await openRepository(root)).list('stack')).toEqual([
    { path: 'stack/B', executable: false },
    { path: 'stack/b.sh', executable: true },
    { path: 'stack/ä', executable: false },
    { path: 'stack/\uFF5E', executable: false },
    { path: 'stack/\u{1F600}', executable: false },
  ]);
});

test('new files count with the bit of the disk, ignored and deleted ones do not', async () => {
  await write('.gitignore', '.env\n');
  await write('deleted');
  await write('staged');
  commit();
  await rm(join(root, 'deleted'));
  git('rm', '--quiet', 'staged');
  await write('.env', 'A=1');
  await write('new.sh');
  await chmod(join(root, 'new.sh'), 0o755);
  const view = await openRepository(root);
  expect(await view.list('')).toEqual([
    { path: '.gitignore', executable: false },
    { path: 'new.sh', executable: true },
  ]);
  expect([...view.uncommitted].sort()).toEqual(['deleted', 'new.sh', 'staged']);
});

test('an ignored file is found and read when it is asked for by name', async () => {
  await write('.gitignore', '.env\n');
  await write('.env', 'A=1');
  commit();
  const view = await openRepository(root);
  expect([await view.stat('.env'), String(await view.read('.env'))]).toEqual(['file', 'A=1']);
  expect(view.uncommitted).toEqual([]);
});

test('content is that of the work tree', async () => {
  await write('file', 'old');
  commit();
  await write('file', 'new');
  const view = await openRepository(root);
  expect(String(await view.read('file'))).toBe('new');
  expect(view.uncommitted).toEqual(['file']);
});

test('the root may be a folder of a larger work tree', async () => {
  await write('infrastructure/stack/compose.yaml');
  await write('infrastructure/new');
  await write('elsewhere');
  git('add', 'infrastructure/stack');
  git('commit', '--quiet', '--message', 'change');
  const view = await openRepository(join(root, 'infrastructure'));
  expect((await view.list('')).map(({ path }) => path)).toEqual(['new', 'stack/compose.yaml']);
  expect(view.uncommitted).toEqual(['new']);
  await expect(view.read('../elsewhere')).rejects.toMatchObject({ code: 'path-outside' });
});

test('submodules and repositories within the repository are left out', async () => {
  await write('file');
  commit();
  git('clone', '--quiet', root, 'nested');
  git('submodule', '--quiet', 'add', root, 'module');
  git('commit', '--quiet', '--message', 'module');
  const view = await openRepository(root);
  expect((await view.list('')).map(({ path }) => path)).toEqual(['.gitmodules', 'file']);
  expect(view.uncommitted).toEqual([]);
});

test('a link within the repository is listed with its target and read through', async () => {
  await write('shared/run.sh', 'run');
  await chmod(join(root, 'shared/run.sh'), 0o755);
  await mkdir(join(root, 'stack'));
  await symlink('../shared/run.sh', join(root, 'stack/run.sh'));
  await symlink('nowhere', join(root, 'stack/dangling'));
  commit();
  const view = await openRepository(root);
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
    await mkdir(join(root, 'stack'));
    await symlink(target, join(root, 'stack/link'));
    commit();
    const error = await (await openRepository(root)).list('stack').catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'path-outside' });
    expect(String(error)).toContain('stack/link');
    expect(String(error)).toContain(target);
  },
);

test('a path through a linked folder that leaves the repository is refused', async () => {
  await symlink('/etc', join(root, 'link'));
  commit();
  const view = await openRepository(root);
  await expect(view.read('link/hostname')).rejects.toMatchObject({ code: 'path-outside' });
  await expect(view.stat('link/hostname')).rejects.toMatchObject({ code: 'path-outside' });
});

test("git's own files, which may hold a token, are refused", async () => {
  commit();
  await expect((await openRepository(root)).read('.git/config')).rejects.toMatchObject({ code: 'path-outside' });
});

test("a link to git's own files is refused too", async () => {
  await symlink('.git/config', join(root, 'file'));
  await symlink('.git', join(root, 'folder'));
  commit();
  const view = await openRepository(root);
  await expect(view.read('file')).rejects.toMatchObject({ code: 'path-outside' });
  await expect(view.read('folder/config')).rejects.toMatchObject({ code: 'path-outside' });
  await expect(view.list('')).rejects.toMatchObject({ code: 'path-outside' });
});

test('a file that is not there is said to be missing', async () => {
  commit();
  const view = await openRepository(root);
  expect(await view.stat('nothing/here')).toBeUndefined();
  await expect(view.read('nothing/here')).rejects.toMatchObject({ code: 'file-missing' });
});

test('variables that point git elsewhere are not followed', async () => {
  const head = commit();
  for (const name of ['GIT_DIR', 'GIT_WORK_TREE', 'GIT_INDEX_FILE', 'GIT_PREFIX']) vi.stubEnv(name, '/nowhere');
  vi.stubEnv('PAGER', 'false');
  expect((await openRepository(root)).commit).toBe(head);
});

test.each([
  ['without a commit', '.', /no commit yet/],
  ['that does not exist', 'nowhere', /no such folder/],
  ['that is git’s own', '.git', /not a git work tree/],
])('a folder %s is no repository', async (_, path, seen) => {
  const opening = openRepository(join(root, path));
  await expect(opening).rejects.toMatchObject({ code: 'not-a-repository', seen: expect.stringMatching(seen) });
});

test('a folder outside of any work tree is no repository', async () => {
  await rm(join(root, '.git'), { recursive: true });
  await expect(openRepository(root)).rejects.toMatchObject({ code: 'not-a-repository' });
});

// Only root can give a checkout away.
test('a checkout of another user is refused with the way to trust it', async () => {
  commit();
  await chown(root, 12345, 12345);
  await chown(join(root, '.git'), 12345, 12345);
  vi.stubEnv('GIT_CONFIG_GLOBAL', '/dev/null');
  const error = await openRepository(root).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ code: 'unsafe-repository' });
  expect(String(error)).toContain(`git config --global --add safe.directory ${root}`);
});
