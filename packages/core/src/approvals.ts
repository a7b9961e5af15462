import { type Agreement, agreementOn } from './agreement.ts';
import { isDirty } from './candidate-release.ts';
import { messageOf, RefusedError } from './errors.ts';
import type { Plan } from './model.ts';
import { effective } from './plan.ts';
import type { Approved } from './ports.ts';
import { deployedBefore } from './range.ts';
import type { DeployRun } from './run.ts';
import { shortCommit } from './short-commit.ts';
import type { SeenTarget } from './target-run.ts';

/** By what a change is allowed where approvals are required: it goes on record with the change. */
export type Clearance =
  /** Of the commit itself; `others` is how many before it are approved, too, and come with it. */
  | { readonly approval: Pick<Approved, 'pull' | 'by'> & { readonly others?: number } }
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
  if (!(await isRequired(run, targets))) return undefined;
  if (run.breakGlass) return brokenGlass(run, run.breakGlass);
  const agreement = await agreementFor(run, targets);
  if (!agreement.isApproved) throw notApproved(run, agreement, plan);
  const { pull, by, others } = agreement;
  const more = others > 0 ? ` So is what comes with it: ${others === 1 ? '1 commit' : `${others} commits`}.` : '';
  run.reporter.say(
    'info',
    `Commit ${shortCommit(run.commit)} is approved: pull request ${pull}, by ${by.join(', ')}.${more}`,
  );
  return { approval: { pull, by, ...(others > 0 && { others }) } };
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

/** A commit can't lift for itself what the release before it asked for, nor by going where no release is recorded. */
async function isRequired({ environment, history }: DeployRun, targets: readonly SeenTarget[]): Promise<boolean> {
  const before = targets.map(deployedBefore);
  if (environment.approvals === 'required' || before.some((each) => each?.approvals === 'required')) return true;
  for (const since of new Set(before.map((each) => each?.commit))) {
    if (await history?.requiredApprovals(since)) return true;
  }
  return false;
}

function brokenGlass(run: DeployRun, breakGlass: string): Clearance {
  const what = `Break-glass: commit ${shortCommit(run.commit)} is deployed to ${run.environment.name} without an approval`;
  run.reporter.say('warning', `${what} by ${run.actor}, who says why: ${breakGlass}. This goes on record.`);
  return { breakGlass };
}

async function agreementFor(run: DeployRun, targets: readonly SeenTarget[]): Promise<Agreement> {
  if (targets.some(({ declared }) => isDirty(run, declared))) {
    return { isApproved: false, why: 'files differ from the commit: nobody has approved those' };
  }
  const { approval } = run;
  if (!approval) return { isApproved: false, why: 'there is no token to ask GitHub with' };
  return run.timed('approval', () => agreementOn(run, approval, targets));
}

function notApproved(
  run: DeployRun,
  { why, remedy = run.approval ? APPROVE : GIVE_TOKEN }: Exclude<Agreement, { isApproved: true }>,
  plan: Plan,
): RefusedError {
  const { name } = run.environment;
  const facts = {
    attempted: `deploy commit ${shortCommit(run.commit)} to ${name}`,
    seen: `${name} requires approvals, and ${why}`,
    remedy: `${remedy}; in an emergency deploy with \`break-glass\` (\`--break-glass\`) and a reason, which goes on record`,
  };
  return new RefusedError('policy', facts, { plan });
}

const APPROVE =
  'let somebody else approve the newest commit of its pull request, merge that, and deploy what was merged';
const GIVE_TOKEN =
  'give the action a `github-token` with `pull-requests: read` and `contents: read`; for the command line set GITHUB_TOKEN in a clone whose `origin` is on GitHub';
