import { readdir, realpath } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { GitopsError, type RepositoryView } from '@gitops/core';
import { ignoreMissing } from './locate.ts';
import { WorkTree } from './work-tree.ts';

/**
 * A folder that need not belong to git, as the engine sees a commit. What it cannot read (the data of an application
 * that runs as somebody else) counts as empty. Throws `GitopsError` `input` if there is no such folder.
 */
export async function openFolder(directory: string): Promise<RepositoryView> {
  const root = await ignoreMissing(realpath(resolve(directory)));
  if (root === undefined) throw noFolder(directory);
  const withFiles = (paths: readonly string[]) =>
    new WorkTree(root, {
      prefix: '',
      commit: '',
      ancestors: [],
      uncommitted: [],
      files: new Map(paths.map((path) => [path, { kind: 'unknown' }])),
    });
  const plain = withFiles([]);
  return {
    root,
    prefix: '',
    commit: '',
    ancestors: [],
    uncommitted: [],
    paths: (folder) => filesBelow(root, folder),
    list: async (folder) => withFiles(await filesBelow(root, folder)).list(folder),
    stat: (path) => plain.stat(path),
    read: (path) => plain.read(path),
    isExecutable: (path) => plain.isExecutable(path),
  };
}

async function filesBelow(root: string, folder: string): Promise<string[]> {
  const entries = await readdir(join(root, folder), { withFileTypes: true }).catch(() => []);
  const inFolder = (name: string) => (folder === '' ? name : `${folder}/${name}`);
  const below = entries
    .filter(({ name }) => name !== '.git')
    .map(async (entry) => (entry.isDirectory() ? filesBelow(root, inFolder(entry.name)) : [inFolder(entry.name)]));
  return (await Promise.all(below)).flat();
}

function noFolder(directory: string): GitopsError {
  return new GitopsError('input', {
    attempted: `open the folder ${directory}`,
    seen: 'there is no such folder',
    remedy: 'correct the path',
  });
}
