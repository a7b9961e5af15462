import type { Git } from './git.ts';

/** What git knows of a file in the work tree. */
export interface KnownFile {
  /** `unknown` where only the file system can tell: files git does not track, and those that changed their kind. */
  readonly kind: 'file' | 'executable' | 'link' | 'unknown';
}

/** What git says of a folder and everything below it, all paths relative to it. */
export interface Snapshot {
  /** The folder within the git work tree, with a `/` at its end; empty if it is the whole of it. */
  readonly prefix: string;
  readonly commit: string;
  /** Up to 100, newest first. */
  readonly ancestors: readonly string[];
  /** Files that differ from the commit, deleted and new ones included. */
  readonly uncommitted: readonly string[];
  readonly files: ReadonlyMap<string, KnownFile>;
}

/** With the line of the branch, since simple-git waits another 50 ms for a process that prints nothing. */
const STATUS = [
  ...['status', '--porcelain=v1', '-z', '--branch', '--no-ahead-behind'],
  ...['--untracked-files=all', '--no-renames', '--ignore-submodules=all'],
];

/** Takes a snapshot with four git processes side by side: this is on the path of every run, no-ops included. */
export async function takeSnapshot(git: Git): Promise<Snapshot> {
  const [status, index, prefix, commits] = await allOrFirstFailure([
    // Without optional locks, so that a `git` of the user beside this one never finds the index locked.
    git(['--no-optional-locks', ...STATUS, '--', '.']),
    git(['ls-files', '-t', '--stage', '-z']),
    git(['rev-parse', '--show-prefix']),
    git(['rev-list', '--max-count=101', 'HEAD', '--']),
  ]);
  const folder = prefix.replace(/\n$/, '');
  const changes = parseStatus(status, folder);
  const [commit = '', ...ancestors] = commits.trim().split('\n');
  return {
    prefix: folder,
    commit,
    ancestors,
    uncommitted: changes.map(({ path }) => path),
    files: present(parseIndex(index), changes),
  };
}

/** The first failure by order, not by time: all four fail where there is no work tree, and the message must not vary. */
async function allOrFirstFailure([a, b, c, d]: Four<Promise<string>>): Promise<Four<string>> {
  await Promise.allSettled([a, b, c, d]);
  return [await a, await b, await c, await d];
}

type Four<Value> = readonly [Value, Value, Value, Value];

interface StatusEntry {
  /** Two letters: the index against the commit, the work tree against the index. */
  readonly code: string;
  readonly path: string;
}

/** Paths of `git status -z` begin at the root of the work tree, whatever the current folder. */
function parseStatus(output: string, prefix: string): StatusEntry[] {
  const entries = records(output)
    .filter((record) => !record.startsWith('## '))
    .map((record) => ({
      code: record.slice(0, 2),
      path: record.slice(3 + prefix.length),
    }));
  // A path with a slash at its end is another repository inside this one.
  return [...new Map(entries.map((entry) => [entry.path, entry])).values()].filter(({ path }) => !path.endsWith('/'));
}

/** Records of `git ls-files -t --stage -z`: `H 100644 <sha> 0\t<path>`; S marks files outside of a sparse checkout. */
function parseIndex(output: string): Map<string, KnownFile> {
  const files = new Map<string, KnownFile>();
  for (const record of records(output)) {
    const tab = record.indexOf('\t');
    const [tag, mode] = record.slice(0, tab).split(' ');
    const kind = KINDS.get(mode ?? '');
    if (kind && tag !== 'S') files.set(record.slice(tab + 1), { kind });
  }
  return files;
}

/** By git's file modes; 160000, a submodule, is left out on purpose. */
const KINDS: ReadonlyMap<string, KnownFile['kind']> = new Map([
  ['100644', 'file'],
  ['100755', 'executable'],
  ['120000', 'link'],
]);

function present(tracked: Map<string, KnownFile>, changes: readonly StatusEntry[]): Map<string, KnownFile> {
  for (const { code, path } of changes) {
    if (code[1] === 'D') tracked.delete(path);
    if (code === '??' || code[1] === 'T') tracked.set(path, { kind: 'unknown' });
  }
  return tracked;
}

function records(output: string): string[] {
  return output.split('\0').filter((record) => record !== '');
}
