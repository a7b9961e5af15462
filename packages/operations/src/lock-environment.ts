import {
  GitopsError,
  hasEnded,
  type Lease,
  type LeaseHolder,
  RefusedError,
  recordText,
  recoverOn,
  type Scope,
  scopesOf,
  type TransactionStatus,
} from '@gitops/core';
import { openEnvironment } from './open-environment.ts';
import { openSession } from './open-session.ts';
import {
  claimOn,
  type EnvironmentRequest,
  holderOf,
  type OnTarget,
  onEveryTarget,
  type UsedTarget,
  untimed,
} from './use-environment.ts';

/** Who holds the lease of a target, and what goes on there. */
export interface Locked {
  /** `undefined`: nobody. */
  readonly lease?: LeaseHolder;
  /** What has not ended yet. */
  readonly transaction?: TransactionStatus;
}

/** Says who holds the lease of each target. */
export function readLocks(request: EnvironmentRequest): Promise<readonly OnTarget<Locked>[]> {
  return onEveryTarget(request, 'read the lease of', ({ session }) => lockedNow(session));
}

async function lockedNow(session: UsedTarget['session']): Promise<Locked> {
  const { lease, transaction } = await session.recall();
  return { ...(lease && { lease }), ...(transaction && !hasEnded(transaction) && { transaction }) };
}

export interface LockRequest extends EnvironmentRequest {
  /** Why, for everybody who is refused. */
  readonly reason: string;
  readonly lockWaitMs: number;
}

/**
 * Takes the lease of every target for a person, who holds it until somebody releases it. What an earlier run left is brought to
 * its end first, unless it is frozen to be looked at. All or none: throws the error of the target that refuses.
 */
export async function lockEnvironment(request: LockRequest): Promise<readonly { scope: Scope; lease: LeaseHolder }[]> {
  const { environment } = await openEnvironment(request.workingDirectory, request.environment, request.reporter);
  const held: { scope: Scope; lease: Lease }[] = [];
  await using open = new AsyncDisposableStack();
  const holder = holderOf(request, request.reason);
  for (const scope of scopesOf(environment)) {
    const session = open.use(await openSession(scope, request, request.signal));
    const lease = await claimOn(request, { scope, session }, { holder, purpose: 'human', waitMs: request.lockWaitMs });
    // Once it is kept, its channel has ended and there is nothing to be released.
    open.defer(() => lease.release());
    await recoverUnlessFrozen(request, { scope, session }, lease);
    held.push({ scope, lease });
  }
  for (const { lease } of held) await lease.keep();
  return held.map(({ scope, lease: { fence } }) => ({ scope, lease: { ...holder, fence, purpose: 'human' } }));
}

async function recoverUnlessFrozen(
  { reporter }: EnvironmentRequest,
  { session }: UsedTarget,
  lease: Lease,
): Promise<void> {
  const recorded = await session.recall();
  if (recorded.transaction?.state === 'frozen') return;
  await recoverOn({ reporter, many: true, timed: untimed }, { session, lease, seen: { recorded } });
}

export interface UnlockRequest extends EnvironmentRequest {
  /** Needed to release what somebody else has taken. */
  readonly reason: string;
}

/** What there was to release: `undefined` if nobody held the lease. */
export type Unlocked = { readonly released?: LeaseHolder };

/** Releases the lease that a person has taken, on every target. That of a run ends with the run. */
export function unlockEnvironment(request: UnlockRequest): Promise<readonly OnTarget<Unlocked>[]> {
  return onEveryTarget(request, 'unlock', (target) => unlockTarget(request, target));
}

async function unlockTarget(request: UnlockRequest, { session }: UsedTarget): Promise<Unlocked> {
  const { lease } = await session.recall();
  if (!lease) return {};
  const holder = holderOf(request, request.reason);
  refuseToUnlock(session.label, lease, holder);
  const isReleased = await session.unlock(
    lease.fence,
    recordText(holder, (text) => request.reporter.redact(text)),
  );
  return isReleased ? { released: lease } : {};
}

function refuseToUnlock(label: string, lease: LeaseHolder, by: Pick<LeaseHolder, 'holder' | 'reason'>): void {
  const attempted = `release the lease of the environment on ${label}`;
  if (lease.purpose === 'automatic') {
    const seen = `it is held by a run: ${lease.holder} (${lease.reason}) since ${lease.since}`;
    const remedy = 'cancel that run; the lease of a run that is gone ends by itself within 30 s';
    throw new RefusedError('lease', { attempted, seen, remedy }, { holder: lease });
  }
  if (lease.holder === by.holder || by.reason !== '') return;
  const seen = `${lease.holder} has taken it (${lease.reason}) since ${lease.since}`;
  throw new GitopsError('input', { attempted, seen, remedy: 'ask them; to do it all the same, say why with --reason' });
}
