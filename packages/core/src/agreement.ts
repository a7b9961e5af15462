import type { Approval, ApprovalCheck, Approved } from './ports.ts';
import { rangeOf } from './range.ts';
import type { DeployRun } from './run.ts';
import { shortCommit } from './short-commit.ts';
import type { SeenTarget } from './target-run.ts';

/** Whether somebody has agreed to all that comes with a commit. */
export type Agreement =
  /** `others` is how many came before it. */
  | (Approved & { readonly others: number })
  /** `remedy` where another one helps than to have the commit approved. */
  | (Exclude<Approval, Approved> & { readonly remedy?: string });

/** The commit alone does not tell: what was pushed before it, and refused, is in it as well. */
export async function agreementOn(
  run: DeployRun,
  ask: ApprovalCheck,
  targets: readonly SeenTarget[],
): Promise<Agreement> {
  const { branch } = run.environment;
  const approval = await ask(run.commit, branch);
  if (!approval.isApproved) return approval;
  const range = await rangeOf(run, targets);
  if (!range.isKnown) return { isApproved: false, why: range.why, remedy: range.remedy };
  for (const commit of range.commits) {
    run.signal.throwIfAborted();
    const before = await ask(commit, branch);
    if (!before.isApproved) return notBefore(commit, before.why);
  }
  return { ...approval, others: range.commits.length };
}

function notBefore(commit: string, why: string): Agreement {
  return {
    isApproved: false,
    why: `commit ${shortCommit(commit)}, which comes with it, is not approved: ${why}`,
    remedy: 'take that commit off the branch, and bring what it has by a pull request that somebody else approves',
  };
}
