import { posix } from 'node:path';
import type { RepositoryFile, RepositoryView } from '@gitops/core';

/** How many links to folders within linked folders are followed; more is a cycle. */
const LINK_DEPTH = 8;

/** All files of a folder in git's list, as real files: links to folders are replaced by what is in them. */
export async function filesBelow(view: RepositoryView, folder: string, depth = LINK_DEPTH): Promise<RepositoryFile[]> {
  if (depth === 0) return [];
  const listed = await view.list(folder);
  if (listed.length === 0) return throughLink(view, folder, depth);
  return (await Promise.all(listed.map((file) => expand(view, file, depth)))).flat();
}

async function expand(view: RepositoryView, file: RepositoryFile, depth: number): Promise<RepositoryFile[]> {
  if (file.linkTarget === undefined) return [file];
  const kind = await view.stat(file.path);
  if (kind !== 'folder') return kind === 'file' ? [file] : [];
  return movedTo(file.path, file.linkTarget, await filesBelow(view, file.linkTarget, depth - 1));
}

/** Git lists nothing below a link, so its target is listed in its place. */
async function throughLink(view: RepositoryView, folder: string, depth: number): Promise<RepositoryFile[]> {
  if (folder === '') return [];
  const parent = posix.dirname(folder);
  const siblings = await view.list(parent === '.' ? '' : parent);
  const link = siblings.find(({ path, linkTarget }) => path === folder && linkTarget !== undefined);
  return link ? expand(view, link, depth) : [];
}

function movedTo(link: string, target: string, files: readonly RepositoryFile[]): RepositoryFile[] {
  return files.map(({ path, executable }) => ({ path: posix.join(link, posix.relative(target, path)), executable }));
}
