import { GitopsError, type RepositoryView } from '@gitops/core';
import { type Git, gitIn } from './git.ts';

/**
 * The commits that the branch was at after `since` and up to the opened one, the newest first, at most `most` of them; none where the
 * opened one is not newer. `undefined` where git can't tell: it does not know `since`, or not the whole way from there.
 */
export async function commitsSince(
  view: RepositoryView,
  since: string,
  most: number,
): Promise<readonly string[] | undefined> {
  const git = await gitIn(view.root);
  const common = await commonWith(git, view, since);
  if (common === view.commit) return [];
  if (common === undefined || common !== since) return undefined;
  const range = `${since}..${view.commit}`;
  const output = await git(['log', '--first-parent', `--max-count=${most}`, '--format=%H %P', range, '--']);
  const commits = output
    .trim()
    .split('\n')
    .map((line) => line.split(' '));
  // At the edge of a shallow clone a commit seems to have no parent.
  const isWhole = commits.every(([, parent]) => parent);
  return isWhole ? commits.flatMap(([commit]) => commit ?? []) : undefined;
}

/**
 * Whether a line of a file, by its path from the root, ever matched a POSIX extended regular expression, in all of the history that is
 * in the clone; after `since`, if that is a commit of it or a newer one.
 */
export async function everSaid(view: RepositoryView, path: string, pattern: string, since?: string): Promise<boolean> {
  const git = await gitIn(view.root);
  const common = since === undefined ? undefined : await commonWith(git, view, since);
  const isKnown = common !== undefined && (common === since || common === view.commit);
  const range = isKnown ? `${since}..${view.commit}` : view.commit;
  // Git leaves out one side of a merge whose other side has the same file, and looks at no merge itself: either could hide the line.
  const whole = ['--full-history', '--diff-merges=separate', '--root', '--no-textconv', '--text'];
  const found = ['log', '--max-count=1', '--format=%H', `-G${pattern}`, ...whole, range, '--', `:(literal)${path}`];
  return (await git(found)).trim() !== '';
}

/** The newest commit that both have in common. */
async function commonWith(git: Git, view: RepositoryView, commit: string): Promise<string | undefined> {
  if (!/^[0-9a-f]{40,64}$/.test(commit)) return undefined;
  try {
    return (await git(['merge-base', commit, view.commit])).trim() || undefined;
  } catch (error) {
    if (error instanceof GitopsError && error.code === 'git-failed') return undefined;
    throw error;
  }
}
