import { withAdoptions } from './adopt.ts';
import { clearanceFor, warnUnlessCleared } from './approvals.ts';
import { nextNumber } from './candidate-release.ts';
import { type DeployResult, deployFailed, type Seen, unmoved } from './deploy-result.ts';
import { SupersededError } from './errors.ts';
import { NO_BASELINE } from './health.ts';
import { heedHolds, isHeldBack } from './holds.ts';
import { claimInOrder } from './leases.ts';
import { makingRoom } from './make-room.ts';
import type { Plan, Verdict } from './model.ts';
import { effective, joinPlans } from './plan.ts';
import { isSameContent, type PreparedTarget, pin, prepare, preview, recordedPlan, wholePlan } from './planning.ts';
import type { TargetSession } from './ports.ts';
import { hasEnded, isUnchanged, refuseUnlessAllowed } from './preconditions.ts';
import { recoverOn } from './recover.ts';
import { resume } from './resume.ts';
import type { DeployRun } from './run.ts';
import { type LeasedTarget, onEach, openTargets, type SeenTarget } from './target-run.ts';
import { recordCommit, transact } from './transact.ts';
import { lookOnce } from './watch.ts';

/**
 * The way of a deployment, from a commit to a verified state on every target. Everything up to `transact` changes nothing
 * that runs, and whatever fails there, on any target, ends as `failed-before-change` or `refused` for all; `transact` ends
 * in the new state or the old one.
 */
export async function deploy(run: DeployRun): Promise<DeployResult> {
  let targets: readonly SeenTarget[] = [];
  try {
    await using connections = new AsyncDisposableStack();
    const opened = await openTargets(run, connections);
    targets = await run.timed('read', () => onEach(run, opened, withLook));
    if (targets.every((target) => isUnchanged(run, target))) return await unchanged(run, targets);
    if (run.mode === 'plan') return await planOnly(run, targets);
    return await underLeases(run, targets);
  } catch (error) {
    if (error instanceof SupersededError && !run.signal.aborted) return { ...unmoved(targets, 'superseded'), error };
    return deployFailed(run.signal.aborted ? run.signal.reason : error, targets);
  }
}

async function withLook<Target extends { readonly session: TargetSession }>(
  target: Target,
): Promise<Target & { readonly seen: Seen }> {
  return { ...target, seen: await look(target.session) };
}

/** What is recorded on a target and what runs there. */
export async function look(session: TargetSession): Promise<Seen> {
  const [recorded, live] = await Promise.all([session.recall(), session.observe()]);
  return { recorded, live: { ...live, damagedObjects: recorded.damagedObjects } };
}

/** Only what has to change is claimed; the leases last until everything in here has ended. */
async function underLeases(run: DeployRun, before: readonly SeenTarget[]): Promise<DeployResult> {
  await using leases = new AsyncDisposableStack();
  const moving = before.filter((target) => !isUnchanged(run, target));
  const claimed = await run.timed('lease', () => claimInOrder(run, moving, leases));
  const looked = await onEach(run, claimed, async (target) => (othersCameFirst(target) ? withLook(target) : target));
  // Whoever froze it wants to look at it, and a schedule would not deploy this commit anyway.
  if (looked.some(({ seen }) => seen.recorded.transaction?.state === 'frozen')) heedHolds(run, looked);
  const resumed = isHeldBack(run, looked) ? undefined : await resume(run, looked, replaced(before, looked));
  if (resumed) return resumed;
  const settled = await onEach(run, looked, (target) => settledPast(run, target));
  const all = replaced(before, settled);
  if (claimed.some((target, index) => othersCameFirst(target) && isSuperseded(run, target, settled[index]))) {
    return unmoved(all, 'superseded');
  }
  const stale = settled.filter((target) => !isUnchanged(run, target));
  if (stale.length === 0) return await unchanged(run, all);
  return await move(run, stale, all);
}

/** Up to the first change anything may refuse; what was left behind before is removed all the same. */
async function move(run: DeployRun, stale: readonly LeasedTarget[], all: readonly SeenTarget[]): Promise<DeployResult> {
  const ready = await makingRoom(run, stale, async () => {
    heedHolds(run, stale);
    const adopted = await withAdoptions(run, stale);
    return plannedMoves(run, adopted, replaced(all, adopted));
  });
  const { planned, plan } = ready;
  const moving = planned.filter((target) => !isSameContent(target));
  if (moving.length === 0) return unchanged(run, ready.all, plan);
  const clearance = await clearanceFor(run, moving, plan);
  const cleared = moving.map((target) => ({ ...target, ...(clearance && { clearance }) }));
  return transact({ run, targets: cleared, all: ready.all, plan, number: nextNumber(ready.all) });
}

/** All targets in their order, with what is known of some of them by now. */
function replaced(all: readonly SeenTarget[], news: readonly SeenTarget[]): readonly SeenTarget[] {
  return all.map((target) => news.find(({ scope }) => scope === target.scope) ?? target);
}

/** Recovers what an earlier run left, and reads again what has moved with it. */
async function settledPast(run: DeployRun, target: LeasedTarget): Promise<LeasedTarget> {
  return (await recoverOn(run, target)) ? withLook(target) : target;
}

/** Another run held the lease at the first look, or between it and this claim. */
function othersCameFirst({ lease, seen: { recorded } }: LeasedTarget): boolean {
  return recorded.lease !== undefined || lease.fence !== recorded.highestFence + 1;
}

/** A newer commit was deployed since the first look. */
function isSuperseded(run: DeployRun, first: SeenTarget, now: SeenTarget | undefined): boolean {
  const release = now?.seen.recorded.release;
  if (!release || release.name === first.seen.recorded.release?.name) return false;
  return release.ancestors.includes(run.commit);
}

/** Nothing to do anywhere: one look at the health, and a note that this commit has this content too. */
async function unchanged(
  run: DeployRun,
  targets: readonly SeenTarget[],
  plan: Plan = joinPlans(targets.map((target) => [target.scope.target.name, recordedPlan(target)])),
): Promise<DeployResult> {
  if (run.mode === 'plan') run.showPlan(plan);
  const [verdict] = await Promise.all([
    sample(run, targets),
    run.mode === 'apply' ? onEach(run, targets, (target) => recordCommit(run, target)) : [],
  ]);
  return { ...unmoved(targets, run.mode === 'plan' ? 'planned' : 'unchanged'), verdict, plan };
}

function sample(run: DeployRun, targets: readonly SeenTarget[]): Promise<Verdict> {
  const watched = targets.flatMap(({ scope, seen: { recorded, live } }) => {
    const look = async () => live;
    const name = run.many ? scope.target.name : '';
    return recorded.release ? [{ name, desired: recorded.release.desired, baseline: NO_BASELINE, look }] : [];
  });
  return lookOnce({ ...run, targets: watched, spec: run.environment.health, probe: run.prober });
}

/** Prepared as for a deployment, but nothing stays on the hosts. */
async function planOnly(run: DeployRun, seen: readonly SeenTarget[]): Promise<DeployResult> {
  for (const target of seen) tellUnfinished(run, target);
  const targets = await withAdoptions(run, seen);
  const plans = await onEach(run, targets, async (target) => {
    const prepared = await prepare(run, target);
    return [target.scope.target.name, await preview(run, { ...target, prepared })] as const;
  });
  const plan = joinPlans(plans);
  run.showPlan(plan);
  refuseUnlessAllowed(run, targets, plan);
  await warnUnlessCleared(run, targets, plan);
  return { ...unmoved(targets, 'planned'), plan };
}

/** What is planned starts from what a deployment would find, once it has put that right. */
function tellUnfinished(run: DeployRun, { session, seen: { recorded } }: SeenTarget): void {
  const { transaction } = recorded;
  if (hasEnded(transaction)) return;
  run.reporter.say(
    'warning',
    `Transaction ${transaction?.id} on ${session.label} is ${transaction?.state}: a deployment sees it through or takes it back first, and the plan may be another one then.`,
  );
}

async function plannedMoves(run: DeployRun, stale: readonly LeasedTarget[], all: readonly SeenTarget[]) {
  const prepared = await onEach(run, stale, async (target) => ({ ...target, prepared: await prepare(run, target) }));
  await refuseEarly(run, prepared, all);
  const planned = await run.timed('pin', () => onEach(run, prepared, (target) => pin(run, target)));
  const plan = await wholePlan(all, planned, async (target) => target.plan);
  // Who is refused wants to see what for.
  if (effective(plan.changes).length > 0) run.showPlan(plan);
  refuseUnlessAllowed(run, planned, plan);
  return { planned, plan, all };
}

/** Before an image is pulled, where somebody has to agree to a plan first. */
async function refuseEarly(
  run: DeployRun,
  prepared: readonly PreparedTarget[],
  all: readonly SeenTarget[],
): Promise<void> {
  const isTakenOver = prepared.some(({ adoption }) => adoption !== undefined);
  if (run.planHash === '' && !isTakenOver) return;
  const plan = await wholePlan(all, prepared, (target) => preview(run, target));
  if (isTakenOver && !run.adopt) run.showPlan(plan);
  refuseUnlessAllowed(run, prepared, plan);
}
