import type { ApprovalCheck, Clock } from '@gitops/core';
import { approvalOf } from './approval.ts';
import { repositoryOfJob } from './job.ts';
import { type GitHubOptions, openGitHub } from './open-github.ts';

/** With what GitHub is asked. */
export interface AskOptions {
  /** Empty: there is nobody to ask. */
  readonly token: string;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** Asks whether a commit was approved in a repository; see `approvalOf`. */
export function approvalCheckOf(options: GitHubOptions): ApprovalCheck {
  return (commit, branch) => approvalOf(openGitHub(options), commit, branch);
}

/** The same in the repository of this job, which is looked up when it is asked; `undefined` without a token. */
export function approvalCheckOfJob(options: AskOptions): ApprovalCheck | undefined {
  if (options.token === '') return undefined;
  return (commit, branch) => approvalCheckOf({ ...options, ...repositoryOfJob(process.env) })(commit, branch);
}
