import { isDirty } from './candidate-release.ts';
import { messageOf, RefusedError } from './errors.ts';
import type { Plan } from './model.ts';
import { effective } from './plan.ts';
import type { Approval, Approved } from './ports.ts';
import type { DeployRun } from './run.ts';
import { shortCommit } from './short-commit.ts';
import type { SeenTarget } from './target-run.ts';

/** By what a change is allowed where approvals are required: it goes on record with the change. */
export type Clearance =
  | { readonly approval: Pick<Approved, 'pull' | 'by'> }
  /** The reason of somebody who could not wait for an approval. */
  | { readonly breakGlass: string };

/**
 * By what these targets may be changed; `undefined` where nobody has to agree. Whoever breaks the glass is not kept up by a GitHub that
 * does not answer. Throws `RefusedError` `policy` with the plan, and what kept the question from an answer.
 */
export async function clearanceFor(
  run: DeployRun,
  targets: readonly SeenTarget[],
  plan: Plan,
): Promise<Clearance | undefined> {
  const required = targets.some((target) => isRequired(run, target));
  if (!required) return undefined;
  if (run.breakGlass) return brokenGlass(run, run.breakGlass);
  const approval = await approvalFor(run, targets);
  if (!approval.isApproved) throw notApproved(run, approval.why, plan);
  const { pull, by } = approval;
  run.reporter.say('info', `Commit ${shortCommit(run.commit)} is approved: pull request ${pull}, by ${by.join(', ')}.`);
  return { approval: { pull, by } };
}

/** Says of a plan whether a deployment of it would be refused. Whatever comes of the question, the plan stands. */
export async function warnUnlessCleared(run: DeployRun, targets: readonly SeenTarget[], plan: Plan): Promise<void> {
  if (effective(plan.changes).length === 0 || run.breakGlass || run.isBeforeMerge) return;
  try {
    await clearanceFor(run, targets, plan);
  } catch (error) {
    run.signal.throwIfAborted();
    run.reporter.say('warning', `A deployment of this plan would not go on as things are. ${messageOf(error)}`);
  }
}

/** A commit can't lift for itself what the release before it asked for. */
function isRequired({ environment }: DeployRun, { seen, adoption }: SeenTarget): boolean {
  const before = adoption ? adoption.before : seen.recorded.release;
  return environment.approvals === 'required' || before?.approvals === 'required';
}

function brokenGlass(run: DeployRun, breakGlass: string): Clearance {
  const what = `Break-glass: commit ${shortCommit(run.commit)} is deployed to ${run.environment.name} without an approval`;
  run.reporter.say('warning', `${what} by ${run.actor}, who says why: ${breakGlass}. This goes on record.`);
  return { breakGlass };
}

async function approvalFor(run: DeployRun, targets: readonly SeenTarget[]): Promise<Approval> {
  if (targets.some(({ declared }) => isDirty(run, declared))) {
    return { isApproved: false, why: 'files differ from the commit: nobody has approved those' };
  }
  const { approval, commit, environment } = run;
  if (!approval) return { isApproved: false, why: 'there is no token to ask GitHub with' };
  return run.timed('approval', () => approval(commit, environment.branch));
}

function notApproved(run: DeployRun, why: string, plan: Plan): RefusedError {
  const { name } = run.environment;
  const facts = {
    attempted: `deploy commit ${shortCommit(run.commit)} to ${name}`,
    seen: `${name} requires approvals, and ${why}`,
    remedy: `${run.approval ? APPROVE : GIVE_TOKEN}; in an emergency deploy with \`break-glass\` (\`--break-glass\`) and a reason, which goes on record`,
  };
  return new RefusedError('policy', facts, { plan });
}

const APPROVE =
  'let somebody else approve the newest commit of its pull request, merge that, and deploy what was merged';
const GIVE_TOKEN =
  'give the action a `github-token` with `pull-requests: read` and `contents: read`; for the command line set GITHUB_TOKEN in a clone whose `origin` is on GitHub';
