/** One file of the commit that is being deployed. */
export interface RepositoryFile {
  /** Relative to the root of the repository, with `/`. */
  readonly path: string;
  readonly executable: boolean;
  /** Where a symbolic link leads, relative to the root; already proven to stay inside. */
  readonly linkTarget?: string;
}

/** The checked-out commit, as the engine sees it. All paths are relative to the root, with `/`. */
export interface RepositoryView {
  /** Absolute path of the root on the runner. */
  readonly root: string;
  /** The folder of the root within its git work tree, with a `/` at its end; empty if it is the whole of it. */
  readonly prefix: string;
  /** Full SHA of the checked-out commit. */
  readonly commit: string;
  /** Up to 100 older commits, newest first; fewer in a shallow clone. */
  readonly ancestors: readonly string[];
  /** Tracked and untracked-but-not-ignored files whose content is not that of the commit. */
  readonly uncommitted: readonly string[];
  /** Paths of the files below a folder, links among them as they are, in no order. Never throws. */
  paths(folder: string): Promise<readonly string[]>;
  /** Files of the commit below a folder (`''` is the root), sorted by path in byte order. Throws `PathOutsideError`. */
  list(folder: string): Promise<readonly RepositoryFile[]>;
  /** Also finds files that git ignores (a decrypted `.env`). `undefined` if there is no such file. */
  stat(path: string): Promise<'file' | 'folder' | undefined>;
  /** Follows links that stay inside. Throws `PathOutsideError` for others. */
  read(path: string): Promise<Buffer>;
  isExecutable(path: string): Promise<boolean>;
}
