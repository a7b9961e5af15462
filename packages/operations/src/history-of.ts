import type { History, RepositoryView } from '@gitops/core';
import { commitsSince, everSaid } from '@gitops/repository';

/** `approvals:` as a key of the file, in quotes or between braces too; not in a comment. */
const APPROVALS = `^([^#]*[{,[:space:]])?["']?approvals["']?[[:space:]]*:`;

/** What git knows of the opened commit and of the file of one environment. */
export function historyOf(view: RepositoryView, environment: string): History {
  const path = `environments/${environment}/environment.yml`;
  return {
    since: (commit, most) => commitsSince(view, commit, most),
    requiredApprovals: (since) => everSaid(view, path, APPROVALS, since),
  };
}
