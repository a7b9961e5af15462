import { homedir } from 'node:os';
import { compileCache, runMark } from './test-run.ts';

/** The part of the `github` context that a test can choose. */
export interface GitHubContext {
  readonly repository: string;
  readonly sha: string;
  readonly ref: string;
  readonly actor: string;
  readonly runId: string;
  readonly runAttempt: string;
  readonly job: string;
  readonly workflow: string;
  readonly eventName: string;
  readonly serverUrl: string;
  readonly apiUrl: string;
}

/** A push to `main` of a repository that does not exist, with an API that nobody answers. */
export const defaultContext: GitHubContext = {
  repository: 'example/infrastructure',
  sha: '0'.repeat(40),
  ref: 'refs/heads/main',
  actor: 'octocat',
  runId: '1658821493',
  runAttempt: '1',
  job: 'deploy',
  workflow: 'deploy',
  eventName: 'push',
  serverUrl: 'https://github.com',
  apiUrl: 'http://127.0.0.1:9',
};

/** Directories and files of one emulated job. */
export interface RunnerPaths {
  readonly workspace: string;
  readonly temp: string;
  readonly eventPath: string;
}

/** What every step of a job finds in its environment; nothing of the caller's but PATH and HOME. */
export function runnerEnvironment(
  context: GitHubContext,
  paths: RunnerPaths,
  trackingId: string,
): Record<string, string> {
  return {
    PATH: process.env['PATH'] ?? '',
    HOME: process.env['HOME'] ?? homedir(),
    CI: 'true',
    GITHUB_ACTIONS: 'true',
    GITHUB_WORKSPACE: paths.workspace,
    GITHUB_EVENT_PATH: paths.eventPath,
    RUNNER_TEMP: paths.temp,
    RUNNER_OS: 'Linux',
    RUNNER_TRACKING_ID: trackingId,
    ...runMark(),
    ...compileCache(),
    ...contextEnvironment(context),
  };
}

function contextEnvironment(context: GitHubContext): Record<string, string> {
  return {
    GITHUB_REPOSITORY: context.repository,
    GITHUB_REPOSITORY_OWNER: context.repository.split('/')[0] ?? '',
    GITHUB_SHA: context.sha,
    GITHUB_REF: context.ref,
    GITHUB_REF_NAME: context.ref.replace(/^refs\/(heads|tags|pull)\//, ''),
    GITHUB_REF_TYPE: context.ref.startsWith('refs/tags/') ? 'tag' : 'branch',
    GITHUB_ACTOR: context.actor,
    GITHUB_RUN_ID: context.runId,
    GITHUB_RUN_NUMBER: '1',
    GITHUB_RUN_ATTEMPT: context.runAttempt,
    GITHUB_JOB: context.job,
    GITHUB_WORKFLOW: context.workflow,
    GITHUB_EVENT_NAME: context.eventName,
    GITHUB_SERVER_URL: context.serverUrl,
    GITHUB_API_URL: context.apiUrl,
    GITHUB_GRAPHQL_URL: `${context.apiUrl}/graphql`,
  };
}
