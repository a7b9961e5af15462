import { mkdir, realpath } from 'node:fs/promises';
import { resolve } from 'node:path';
import { GitopsError } from '@gitops/core';
import { gitIn } from './git.ts';

/** What git says of a folder that is to become an infrastructure repository. */
export interface GitState {
  /** `none`: no repository yet; `empty`: one without a commit. */
  readonly kind: 'none' | 'empty' | 'has-commits';
  /** The branch that is checked out, or will be. */
  readonly branch: string;
}

const DEFAULT_BRANCH = 'main';

/**
 * Looks at a folder without changing anything; it need not exist.
 *
 * @throws GitopsError `inside-repository` if it lies within a repository whose root is elsewhere: workflows are found
 * at the root only
 */
export async function readGitState(directory: string): Promise<GitState> {
  const root = await realpath(resolve(directory)).catch(() => undefined);
  const git = root === undefined ? undefined : await gitIn(root);
  const top = git && (await orNothing(git(['rev-parse', '--show-toplevel'])))?.trim();
  if (!git || !top) return { kind: 'none', branch: DEFAULT_BRANCH };
  if (top !== root) throw insideAnother(directory, top);
  const branch = (await orNothing(git(['symbolic-ref', '--short', 'HEAD'])))?.trim() || DEFAULT_BRANCH;
  const commit = await orNothing(git(['rev-parse', '--verify', '--quiet', 'HEAD^{commit}']));
  return { kind: commit?.trim() ? 'has-commits' : 'empty', branch };
}

/** Makes a repository of a folder that is none. */
export async function startRepository(directory: string): Promise<void> {
  await mkdir(directory, { recursive: true });
  const git = await gitIn(resolve(directory));
  await git(['init', '--quiet', `--initial-branch=${DEFAULT_BRANCH}`]);
}

/** Commits these files and nothing else that may be staged; does nothing if they are committed. Throws `GitopsError` `git-failed`. */
export async function commitFiles(directory: string, paths: readonly string[], message: string): Promise<void> {
  const git = await gitIn(resolve(directory));
  await git(['add', '--', ...paths]);
  if ((await git(['diff', '--cached', '--name-only', '--', ...paths])).trim() === '') return;
  await git(['commit', '--quiet', '--message', message, '--', ...paths]);
}

async function orNothing<Value>(promise: Promise<Value>): Promise<Value | undefined> {
  try {
    return await promise;
  } catch (error) {
    if (error instanceof GitopsError && ['not-a-repository', 'git-failed'].includes(error.code)) return undefined;
    throw error;
  }
}

function insideAnother(directory: string, top: string): GitopsError {
  return new GitopsError('input', {
    attempted: `write a repository into ${directory}`,
    seen: `it lies within the git repository ${top}, and GitHub finds workflows at the root only`,
    remedy: `run there (-C ${top}), in a folder outside of it, or after \`git init\` in this folder`,
  });
}
