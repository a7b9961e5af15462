import type { RepositoryView } from './repository-view.ts';

/** The repository as if it also had these files, or had them with this content. They are in no list, as what git ignores. */
export function withFiles(view: RepositoryView, files: ReadonlyMap<string, Buffer>): RepositoryView {
  if (files.size === 0) return view;
  return {
    root: view.root,
    prefix: view.prefix,
    commit: view.commit,
    ancestors: view.ancestors,
    uncommitted: view.uncommitted,
    paths: (folder) => view.paths(folder),
    list: (folder) => view.list(folder),
    stat: async (path) => (files.has(path) ? 'file' : view.stat(path)),
    read: async (path) => files.get(path) ?? view.read(path),
    isExecutable: async (path) => !files.has(path) && view.isExecutable(path),
  };
}
