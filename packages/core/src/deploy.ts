import { type DeployResult, deployFailed, type Seen } from './deploy-result.ts';
import { messageOf } from './errors.ts';
import { NO_BASELINE } from './health.ts';
import type { Change, Desired, Plan, Release } from './model.ts';
import { effective, makePlan } from './plan.ts';
import type { Declared, Lease, Prepared, Recorded, TargetSession } from './ports.ts';
import { hasEnded, isUnchanged, refuseUnlessAllowed } from './preconditions.ts';
import type { DeployRun } from './run.ts';
import { transact } from './transact.ts';
import { lookOnce } from './watch.ts';

/**
 * The way of a deployment, from a commit to a verified state. Everything up to `transact` changes nothing that runs, and
 * whatever fails there ends as `failed-before-change` or `refused`; `transact` ends in the new state or the old one.
 */
export async function deploy(run: DeployRun): Promise<DeployResult> {
  let previous = '';
  try {
    const { declared, session: opened } = await loadAndConnect(run);
    await using session = opened;
    const seen = await run.timed('read', () => look(session));
    previous = seen.recorded.release?.name ?? '';
    if (isUnchanged(run, seen, declared)) return await unchanged(run, session, seen, declared);
    if (run.mode === 'plan') return await planOnly(run, session, declared, seen);
    return await underLease(run, session, declared, seen);
  } catch (error) {
    return deployFailed(run.signal.aborted ? run.signal.reason : error, previous);
  }
}

/** Side by side, as neither needs the other; what the files say is told first. */
async function loadAndConnect(run: DeployRun): Promise<{ declared: Declared; session: TargetSession }> {
  const [loaded, connected] = await Promise.allSettled([
    run.timed('load', () => run.load()),
    run.timed('connect', () => run.connect()),
  ]);
  if (loaded.status === 'rejected') {
    if (connected.status === 'fulfilled') await connected.value[Symbol.asyncDispose]();
    throw loaded.reason;
  }
  if (connected.status === 'rejected') throw connected.reason;
  return { declared: loaded.value, session: connected.value };
}

async function look(session: TargetSession): Promise<Seen> {
  const [recorded, live] = await Promise.all([session.recall(), session.observe()]);
  return { recorded, live: { ...live, damagedObjects: recorded.damagedObjects } };
}

async function underLease(
  run: DeployRun,
  session: TargetSession,
  declared: Declared,
  before: Seen,
): Promise<DeployResult> {
  const lease = await run.timed('lease', () => run.claim(session));
  try {
    const seen = await settled(run, session, lease, before);
    if (othersCameFirst(lease, before) && isSuperseded(run, seen.recorded)) return superseded(seen.recorded);
    if (isUnchanged(run, seen, declared)) return await unchanged(run, session, seen, declared);
    return await prepareAndTransact(run, session, lease, declared, seen);
  } finally {
    await release(run, lease);
  }
}

/** What was done stands even if the lease can't be given back: then it expires by itself. */
async function release(run: DeployRun, lease: Lease): Promise<void> {
  try {
    await lease.release();
  } catch (error) {
    run.reporter.say('warning', `The lease could not be released and expires by itself: ${messageOf(error)}`);
  }
}

/** Recovers what an earlier run left, and reads again whatever may have moved since the first look. */
async function settled(run: DeployRun, session: TargetSession, lease: Lease, before: Seen): Promise<Seen> {
  const seen = othersCameFirst(lease, before) ? await look(session) : before;
  if (hasEnded(seen.recorded.transaction)) return seen;
  run.reporter.say(
    'warning',
    `An earlier run left transaction ${seen.recorded.transaction?.id} unfinished; recovering.`,
  );
  const status = await run.timed('recover', () => session.recover(lease));
  run.reporter.say('notice', `Transaction ${status.id} of the earlier run ended ${status.state}.`);
  return look(session);
}

/** Another run held the lease at the first look, or between it and this claim. */
function othersCameFirst(lease: Lease, { recorded }: Seen): boolean {
  return recorded.lease !== undefined || lease.fence !== recorded.highestFence + 1;
}

function isSuperseded(run: DeployRun, { release }: Recorded): boolean {
  return release?.ancestors.includes(run.commit) ?? false;
}

function superseded({ release }: Recorded): DeployResult {
  const name = release?.name ?? '';
  return { outcome: 'superseded', release: name, previousRelease: name };
}

/** Nothing to do: one look at the health, and a note that this commit has this content too. */
async function unchanged(
  run: DeployRun,
  session: TargetSession,
  { recorded, live }: Seen,
  declared: Declared,
  changes: readonly Change[] = [],
): Promise<DeployResult> {
  const { release } = recorded;
  if (!release) throw new Error('a state without a release cannot be unchanged');
  const plan = makePlan({
    ...run,
    desiredDigest: release.desiredDigest,
    changes,
    live,
    hmacKey: recorded.hmacKey,
    warnings: [],
  });
  const isAlias = recorded.commit !== run.commit || recorded.inputsDigest !== declared.inputsDigest;
  const [verdict] = await Promise.all([
    lookOnce(run.watching(release.desired.services, async () => live, NO_BASELINE)),
    isAlias && run.mode === 'apply' ? session.alias(release.name, run.commit, declared.inputsDigest) : undefined,
  ]);
  const outcome = run.mode === 'plan' ? 'planned' : 'unchanged';
  return { outcome, verdict, plan, desired: release.desired, release: release.name, previousRelease: release.name };
}

async function planOnly(run: DeployRun, session: TargetSession, declared: Declared, seen: Seen): Promise<DeployResult> {
  const prepared = await prepare(run, session, declared, undefined);
  const { plan, desired } = await planned(run, prepared, seen);
  const release = seen.recorded.release?.name ?? '';
  run.showPlan(plan);
  refuseUnlessAllowed(run, seen, plan);
  return { outcome: 'planned', plan, desired, release, previousRelease: release };
}

async function prepareAndTransact(
  run: DeployRun,
  session: TargetSession,
  lease: Lease,
  declared: Declared,
  seen: Seen,
): Promise<DeployResult> {
  const prepared = await prepare(run, session, declared, lease);
  const preview = run.planHash === '' ? undefined : await planned(run, prepared, seen);
  if (preview) refuseUnlessAllowed(run, seen, preview.plan);
  const desired = await run.timed('pin', () => prepared.pin(seen.recorded.release?.desired));
  const plan = planFor(run, prepared, desired, seen);
  refuseUnlessAllowed(run, seen, plan);
  if (isSameContent(seen.recorded.release, prepared, plan)) {
    return await unchanged(run, session, seen, declared, plan.changes);
  }
  run.showPlan(plan);
  return transact({ run, session, lease, prepared, desired, plan, seen, declared });
}

async function prepare(
  run: DeployRun,
  session: TargetSession,
  declared: Declared,
  lease: Lease | undefined,
): Promise<Prepared> {
  const prepared = await run.timed('prepare', () => session.prepare(declared, lease));
  run.reporter.mask(prepared.secrets);
  return prepared;
}

function isSameContent(release: Release | undefined, prepared: Prepared, plan: Plan): boolean {
  return effective(plan.changes).length === 0 && release?.desiredDigest === prepared.digest;
}

async function planned(run: DeployRun, prepared: Prepared, seen: Seen): Promise<{ desired: Desired; plan: Plan }> {
  const desired = await prepared.preview(seen.recorded.release?.desired);
  return { desired, plan: planFor(run, prepared, desired, seen) };
}

function planFor(run: DeployRun, prepared: Prepared, desired: Desired, { recorded, live }: Seen): Plan {
  const changes = run.provider.diff(desired, recorded.release?.desired, live);
  return makePlan({
    ...run,
    desiredDigest: prepared.digest,
    changes,
    live,
    hmacKey: recorded.hmacKey,
    warnings: prepared.warnings,
  });
}
