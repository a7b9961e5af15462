import { messageOf } from './errors.ts';
import type { Lease, LeaseRequest, Reporter } from './ports.ts';
import type { DeployRun } from './run.ts';
import type { LeasedTarget, SeenTarget } from './target-run.ts';

/** A third of what it takes a lease to expire. */
export const LONGEST_RENEWAL_MS = 10_000;

/** Claims one target after the other, in the order of their names, so that no two runs wait for each other; `lockWaitMs` is for all. */
export async function claimInOrder(
  run: DeployRun,
  targets: readonly SeenTarget[],
  releasing: AsyncDisposableStack,
): Promise<readonly LeasedTarget[]> {
  const held: LeasedTarget[] = [];
  const deadline = run.clock.now() + run.lockWaitMs;
  for (const target of targets) {
    const lease = await claim(run, target, Math.max(0, deadline - run.clock.now()));
    releasing.defer(() => release(run, lease));
    held.push({ ...target, lease });
  }
  return held;
}

/** Says for whom a claim on a host waits. */
export function tellHolder(reporter: Reporter, label: string): LeaseRequest['onBusy'] {
  return ({ holder, reason, since }) =>
    reporter.say('info', `Waiting for ${holder} on ${label} (${reason}, since ${since}).`);
}

function claim({ environment, clock, ...run }: DeployRun, { session }: SeenTarget, waitMs: number): Promise<Lease> {
  return session.claim({
    // It goes into the audit trail.
    holder: {
      holder: run.reporter.redact(run.actor),
      reason: `deploy ${environment.name}`,
      since: clock.today().toISOString(),
      commit: run.commit,
    },
    purpose: 'automatic',
    ancestors: run.view.ancestors,
    waitMs,
    renewalMs: Math.min(LONGEST_RENEWAL_MS, environment.health.confirmTimeoutMs / 3),
    signal: run.signal,
    onBusy: tellHolder(run.reporter, session.label),
  });
}

/** What was done stands even if the lease can't be given back: then it expires by itself. */
async function release(run: DeployRun, lease: Lease): Promise<void> {
  try {
    await lease.release();
  } catch (error) {
    run.reporter.say('warning', `The lease could not be released and expires by itself: ${messageOf(error)}`);
  }
}
