import { type ApprovalCheck, GitopsError } from '@gitops/core';
import { CLOCK } from '@gitops/operations';
import { originOf } from '@gitops/repository';

/**
 * Asks GitHub, with the token of the person at this machine, whether a commit of a clone was approved. `undefined` without a token.
 * What talks to GitHub is loaded when it is asked: most commands never do.
 */
export function approvalOfClone(directory: string, token: string, signal: AbortSignal): ApprovalCheck | undefined {
  if (token === '') return undefined;
  return async (commit, branch) => {
    const { approvalCheckOf, repositoryAt } = await import(/* webpackMode: "eager" */ '@gitops/github');
    const origin = (await originOf(directory)) ?? '';
    const place = repositoryAt(origin, process.env);
    if (!place) throw notOnGitHub(directory, origin);
    const check = approvalCheckOf({ token, clock: CLOCK, signal, ...place });
    return check(commit, branch);
  };
}

/** The token that `gh` takes, too. Empty if there is none. */
export function gitHubToken(env: Readonly<Record<string, string | undefined>>): string {
  return env['GH_TOKEN'] || env['GITHUB_TOKEN'] || '';
}

/** Addresses may hold passwords, so that none is shown. */
function notOnGitHub(directory: string, origin: string): GitopsError {
  return new GitopsError('input', {
    attempted: `find the repository of ${directory} on GitHub, to ask whether the commit was approved`,
    seen:
      origin === ''
        ? 'it has no remote `origin`'
        : 'its remote `origin` is neither on github.com nor on the server that GITHUB_SERVER_URL names',
    remedy: 'deploy from a clone of the repository on GitHub, or in an emergency with `--break-glass` and a reason',
  });
}
