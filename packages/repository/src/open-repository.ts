import { realpath, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { GitopsError } from '@gitops/core';
import { gitIn } from './git.ts';
import { ignoreMissing } from './locate.ts';
import { takeSnapshot } from './snapshot.ts';
import { WorkTree } from './work-tree.ts';

/**
 * Opens the infrastructure repository whose root is `directory`, which may be a folder within a larger git work tree.
 * Throws `GitopsError`: `not-a-repository`, `unsafe-repository` (git's `safe.directory`), `git-missing`, `git-failed`.
 */
export async function openRepository(directory: string): Promise<WorkTree> {
  const root = await existingFolder(resolve(directory));
  return new WorkTree(root, await takeSnapshot(await gitIn(root)));
}

async function existingFolder(directory: string): Promise<string> {
  const root = await ignoreMissing(realpath(directory));
  if (root !== undefined && (await stat(root)).isDirectory()) return root;
  throw new GitopsError('not-a-repository', {
    attempted: `read the git repository ${directory}`,
    seen: 'there is no such folder',
    remedy: 'set `working-directory` (`-C` on the command line) to the folder that holds gitops.yml',
  });
}
