import { posix } from 'node:path';
import { GitopsError, PathOutsideError, type RepositoryFile, type RepositoryView } from '@gitops/core';
import { type Git, gitIn } from './git.ts';

/**
 * Another commit of an opened repository, e.g. the one that a pull request is to be merged into; the newest one that both have
 * in common. `undefined` if it is not in the clone. Nothing is checked out: what both commits have alike is read from the disk,
 * all else from git.
 */
export async function openCommonCommit(view: RepositoryView, revision: string): Promise<RepositoryView | undefined> {
  const git = await gitIn(view.root);
  const commit = (await resolved(git, revision, 'merge-base')) ?? (await resolved(git, revision, 'rev-parse'));
  return commit === undefined ? undefined : open(view, git, commit);
}

/** Exactly this commit, whatever the checked-out one has in common with it. `undefined` if it is not in the clone. */
export async function openCommit(view: RepositoryView, revision: string): Promise<RepositoryView | undefined> {
  const git = await gitIn(view.root);
  const commit = await resolved(git, revision, 'rev-parse');
  return commit === undefined ? undefined : open(view, git, commit);
}

async function open(view: RepositoryView, git: Git, commit: string): Promise<RepositoryView> {
  const [tree, changes] = await Promise.all([
    git(['ls-tree', '-r', '-z', '--full-tree', commit, ...(view.prefix === '' ? [] : ['--', view.prefix])]),
    git(['diff', '--name-only', '-z', '--no-renames', '--relative', '--ignore-submodules=all', commit, '--']),
  ]);
  const files = new Map(parseTree(tree, view.prefix));
  const changed = new Set([...changes.split('\0'), ...view.uncommitted]);
  return new CommitView({ view, commit, git, files, changed });
}

/** A revision that begins with `-` would be an option. */
async function resolved(git: Git, revision: string, by: 'merge-base' | 'rev-parse'): Promise<string | undefined> {
  if (!/^[A-Za-z0-9][\w./~^@-]*$/.test(revision)) return undefined;
  const words = by === 'merge-base' ? [by, revision, 'HEAD'] : [by, '--verify', '--quiet', `${revision}^{commit}`];
  return (await orEmpty(git(words))).trim() || undefined;
}

async function orEmpty(promise: Promise<string>): Promise<string> {
  try {
    return await promise;
  } catch (error) {
    if (error instanceof GitopsError && error.code === 'git-failed') return '';
    throw error;
  }
}

type Mode = '100644' | '100755' | '120000';

/** Records of `git ls-tree -z`: `100644 blob <sha>\t<path>`; submodules are no files. */
function parseTree(output: string, prefix: string): (readonly [path: string, mode: Mode])[] {
  return output.split('\0').flatMap((record) => {
    const tab = record.indexOf('\t');
    const mode = record.slice(0, 6);
    const isFile = mode === '100644' || mode === '100755' || mode === '120000';
    return isFile ? [[record.slice(tab + 1 + prefix.length), mode] as const] : [];
  });
}

interface Source {
  readonly view: RepositoryView;
  readonly commit: string;
  readonly git: Git;
  readonly files: ReadonlyMap<string, Mode>;
  /** Paths whose content on the disk is another one. */
  readonly changed: ReadonlySet<string>;
}

class CommitView implements RepositoryView {
  readonly root: string;
  readonly prefix: string;
  readonly commit: string;
  readonly ancestors: readonly string[] = [];
  readonly uncommitted: readonly string[] = [];
  readonly #source: Source;

  constructor(source: Source) {
    this.root = source.view.root;
    this.prefix = source.view.prefix;
    this.commit = source.commit;
    this.#source = source;
  }

  async paths(folder: string): Promise<readonly string[]> {
    const prefix = folder === '' ? '' : `${folder}/`;
    return [...this.#source.files.keys()].filter((path) => path.startsWith(prefix));
  }

  async list(folder: string): Promise<readonly RepositoryFile[]> {
    const prefix = folder === '' ? '' : `${folder}/`;
    const entries = [...this.#source.files].filter(([path]) => path.startsWith(prefix));
    return Promise.all(entries.map(([path, mode]) => this.#describe(path, mode)));
  }

  async stat(path: string): Promise<'file' | 'folder' | undefined> {
    const real = await this.#follow(path);
    if (this.#source.files.has(real)) return 'file';
    const isFolder = [...this.#source.files.keys()].some((each) => real === '' || each.startsWith(`${real}/`));
    return isFolder ? 'folder' : undefined;
  }

  async read(path: string): Promise<Buffer> {
    const real = await this.#follow(path);
    if (!this.#source.files.has(real)) throw missing(path, this.commit);
    return this.#source.changed.has(real) ? this.#show(real) : this.#source.view.read(real);
  }

  async isExecutable(path: string): Promise<boolean> {
    return this.#source.files.get(await this.#follow(path)) === '100755';
  }

  async #describe(path: string, mode: Mode): Promise<RepositoryFile> {
    if (mode !== '120000') return { path, executable: mode === '100755' };
    return { path, executable: false, linkTarget: await this.#linkTarget(path) };
  }

  /** The path behind all links on the way. */
  async #follow(path: string, depth = 16): Promise<string> {
    const parts = normal(path).split('/');
    for (let length = 1; length <= parts.length; length++) {
      const here = parts.slice(0, length).join('/');
      if (this.#source.files.get(here) !== '120000') continue;
      if (depth === 0) throw missing(path, this.commit);
      return this.#follow(posix.join(await this.#linkTarget(here), ...parts.slice(length)), depth - 1);
    }
    return parts.join('/');
  }

  async #linkTarget(path: string): Promise<string> {
    const written = (await this.#show(path)).toString('utf8');
    if (posix.isAbsolute(written)) throw outside(path);
    return normal(posix.join(posix.dirname(path), written));
  }

  /** Text alone: of what is none, all that is asked is whether it is the same. */
  async #show(path: string): Promise<Buffer> {
    return Buffer.from(await this.#source.git(['cat-file', 'blob', `${this.commit}:./${path}`]), 'utf8');
  }
}

function normal(path: string): string {
  const clean = posix.normalize(path).replace(/\/$/, '');
  if (clean === '..' || clean.startsWith('../') || posix.isAbsolute(clean)) throw outside(path);
  return clean === '.' ? '' : clean;
}

function outside(path: string): PathOutsideError {
  const facts = { attempted: `read \`${path}\``, seen: 'it is outside of the repository' };
  return new PathOutsideError(path, { ...facts, remedy: 'name a file of the repository' });
}

function missing(path: string, commit: string): GitopsError {
  return new GitopsError('file-missing', {
    attempted: `read \`${path}\` of the commit ${commit.slice(0, 7)}`,
    seen: 'there is no such file',
    remedy: 'add the file to the repository, or correct the path',
  });
}
