import { execFile } from 'node:child_process';
import { realpath } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { GitopsError } from '@gitops/core';

/** What git does with a path: it has it, would take it, passes it over, or has nothing to do with its folder. */
type GitFate = 'tracked' | 'untracked' | 'ignored' | 'outside';

const run = promisify(execFile);

/** Asks git about a path that need not exist. Throws `GitopsError` `file-missing` if its folder does not. */
export async function gitFate(path: string): Promise<GitFate> {
  const folder = await existingFolder(path);
  // A link is written through, so what it leads to counts.
  const target = await realpath(join(folder, basename(path))).catch(() => join(folder, basename(path)));
  const asks = (...words: string[]) => succeeds(dirname(target), [...words, '--', basename(target)]);
  if (!(await succeeds(dirname(target), ['rev-parse', '--is-inside-work-tree']))) return 'outside';
  if (await asks('ls-files', '--error-unmatch')) return 'tracked';
  return (await asks('check-ignore', '--quiet')) ? 'ignored' : 'untracked';
}

async function existingFolder(path: string): Promise<string> {
  try {
    return await realpath(dirname(path));
  } catch (error) {
    const attempted = `write ${path}`;
    throw new GitopsError('file-missing', {
      attempted,
      seen: 'its folder is not there',
      remedy: 'make it',
      cause: error,
    });
  }
}

/** Without git there is no repository to leak into. */
async function succeeds(folder: string, words: readonly string[]): Promise<boolean> {
  try {
    await run('git', ['-C', folder, ...words], {
      env: { ...process.env, GIT_DIR: undefined, GIT_WORK_TREE: undefined },
    });
    return true;
  } catch {
    return false;
  }
}
