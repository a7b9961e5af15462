import type { ApprovalCheck } from '@gitops/core';
import { approvalOf } from './approval.ts';
import { type GitHubOptions, openGitHub } from './open-github.ts';

/** Asks GitHub whether a commit was approved; see `approvalOf`. */
export function approvalCheck(options: GitHubOptions): ApprovalCheck {
  return (commit, branch) => approvalOf(openGitHub(options), commit, branch);
}
