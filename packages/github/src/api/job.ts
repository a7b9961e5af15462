import { GitopsError } from '@gitops/core';
import type { JobRun } from './keep-comment.ts';
import type { GitHubOptions } from './open-github.ts';
import { type PullRequestEvent, pullRequestOf } from './pull-request-event.ts';

/** Variables of a process. */
export type Variables = Readonly<Record<string, string | undefined>>;

const REPOSITORY = /^[\w.-]+\/[\w.-]+$/;

/** Where the repository of this job is. Throws `GitopsError` `input` outside of a job. */
export function repositoryOfJob(env: Variables): Pick<GitHubOptions, 'apiUrl' | 'repository'> {
  const { GITHUB_API_URL: apiUrl = 'https://api.github.com', GITHUB_REPOSITORY: repository = '' } = env;
  if (REPOSITORY.test(repository)) return { apiUrl, repository };
  throw new GitopsError('input', {
    attempted: 'find the repository on GitHub',
    seen: `GITHUB_REPOSITORY is ${JSON.stringify(repository)}`,
    remedy: 'run in a job of GitHub Actions, or set it to `owner/name`',
  });
}

/** Which run this job belongs to. */
export function runOfJob(env: Variables): JobRun {
  const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: repository } = env;
  const [run, attempt] = [Number(env['GITHUB_RUN_ID'] ?? 0), Number(env['GITHUB_RUN_ATTEMPT'] ?? 1)];
  return { run, attempt, url: `${server}/${repository}/actions/runs/${run}/attempts/${attempt}` };
}

/** The pull request that started this job, if one did. Throws `GitopsError` `event`. */
export async function pullRequest(): Promise<PullRequestEvent | undefined> {
  const path = process.env['GITHUB_EVENT_PATH'];
  return path ? pullRequestOf(path) : undefined;
}
