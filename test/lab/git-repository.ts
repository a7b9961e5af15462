import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { runCommand } from './command.ts';
import { createTemporaryDirectory } from './temporary-directory.ts';

/** A real git repository on branch `main` in a directory of its own. */
export interface TestRepository extends AsyncDisposable {
  readonly path: string;
  /** Writes files, given by path from the root; they are part of the next commit. */
  write(files: Readonly<Record<string, string>>): Promise<void>;
  /** Removes files or directories, given by path from the root. */
  remove(...paths: readonly string[]): Promise<void>;
  /** Commits everything, even if nothing has changed, and returns the full commit id. */
  commit(message: string): Promise<string>;
  /** Runs any other git command in it and returns its output. */
  git(...args: readonly string[]): Promise<string>;
}

/** Whatever the machine's own git is told to do (sign, hook, rewrite) must not reach a test. */
const isolation = { GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_SYSTEM: '/dev/null' };

/** Creates a repository with `files` in its first commit. */
export async function createRepository(files: Readonly<Record<string, string>>): Promise<TestRepository> {
  const directory = await createTemporaryDirectory('repository');
  const path = directory.path;
  const git = (...args: readonly string[]): Promise<string> =>
    runCommand('git', args, { cwd: path, env: { ...process.env, ...isolation } });
  const write = (changed: Readonly<Record<string, string>>): Promise<void> => writeFiles(path, changed);
  const commit = async (message: string): Promise<string> => {
    await git('add', '--all');
    await git('commit', '--quiet', '--allow-empty', '--message', message);
    return git('rev-parse', 'HEAD');
  };
  await git('init', '--quiet', '--initial-branch', 'main');
  await git('config', 'user.name', 'Lab');
  await git('config', 'user.email', 'lab@example.com');
  await write(files);
  await commit('Initial commit');
  return {
    path,
    write,
    commit,
    git,
    remove: (...paths) => removePaths(path, paths),
    [Symbol.asyncDispose]: () => directory[Symbol.asyncDispose](),
  };
}

async function writeFiles(root: string, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), content);
  }
}

async function removePaths(root: string, paths: readonly string[]): Promise<void> {
  for (const path of paths) await rm(join(root, path), { recursive: true });
}
