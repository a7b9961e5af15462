import { type Baseline, restartCounts, sickServices } from './health.ts';
import type { Desired, Plan, Release } from './model.ts';
import { effective } from './plan.ts';
import type { SeenThrough, TransactionRef } from './ports.ts';
import { keyOf } from './service-name.ts';
import type { LeasedTarget, PlannedTarget } from './target-run.ts';

/** A target on its way to a release, by a transaction of this run or of an earlier one. */
export interface Move extends LeasedTarget {
  readonly release: Release;
  readonly desired: Desired;
  readonly plan: Plan;
  readonly baseline: Baseline;
  readonly ref: TransactionRef;
}

/** A transaction of this run, named by the fence of its lease. */
export function moveTo(release: Release, target: PlannedTarget): Move & PlannedTarget {
  const { desired, plan, seen, lease } = target;
  const [sick, restarts] = [sickServices(desired, seen.live), restartCounts(seen.live)];
  const ref = { transaction: lease.fence, fence: lease.fence };
  return { ...target, release, baseline: { changed: changedBy(plan), sick, restarts }, ref };
}

/** The transaction of an earlier run, seen through under the lease of this one. */
export function moveAlong(target: LeasedTarget, transaction: number, { release, plan, ...before }: SeenThrough): Move {
  const [sick, restarts] = [new Set(before.sick), new Map(Object.entries(before.restarts))];
  const baseline = { changed: changedBy(plan), sick, restarts };
  const ref = { transaction, fence: target.lease.fence };
  return { ...target, release, desired: release.desired, plan, baseline, ref };
}

function changedBy(plan: Plan): ReadonlySet<string> {
  return new Set(
    effective(plan.changes)
      .filter(({ kind }) => kind === 'service')
      .map(keyOf),
  );
}

/** What another run needs to see it through. */
export function seenThrough({ release, plan, baseline: { sick, restarts } }: Move): SeenThrough {
  return { release, plan, sick: [...sick], restarts: Object.fromEntries(restarts) };
}
