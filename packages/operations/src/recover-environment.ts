import { composeProvider } from '@gitops/compose';
import {
  type Change,
  differing,
  type Environment,
  look,
  type PrunedItem,
  pruneOn,
  recoverOn,
  type TransactionStatus,
} from '@gitops/core';
import { CLOCK } from './clock.ts';
import {
  claimOn,
  type EnvironmentRequest,
  holderOf,
  type OnTarget,
  onEveryTarget,
  type UsedTarget,
  untimed,
} from './use-environment.ts';

export interface RecoverRequest extends EnvironmentRequest {
  readonly lockWaitMs: number;
}

/** What a recovery has found and done on a target. */
export interface Recovery {
  /** Whether something was left unfinished. */
  readonly wasLeft: boolean;
  /** How the newest transaction ended, now or before; `undefined` if there never was one. */
  readonly transaction?: TransactionStatus;
  /** The release that is current now, empty if there is none. */
  readonly release: string;
  /** What runs otherwise than that release says. */
  readonly differing: readonly Change[];
  readonly removed: readonly PrunedItem[];
}

/** Whether the host runs what is recorded, as a whole. */
export function isVerified({ transaction, differing: unlike }: Recovery): boolean {
  return transaction?.state !== 'revert-failed' && unlike.length === 0;
}

/**
 * Brings whatever earlier runs have left on the hosts of an environment to a verified end, and removes what they forgot. Needs the
 * repository for the names of the hosts alone: what is deployed does not change by it, unless it goes back.
 */
export function recoverEnvironment(request: RecoverRequest): Promise<readonly OnTarget<Recovery>[]> {
  return onEveryTarget(request, 'recover', (target, environment) => recoverTarget(request, target, environment));
}

async function recoverTarget(request: RecoverRequest, target: UsedTarget, environment: Environment): Promise<Recovery> {
  const { session } = target;
  const holder = holderOf(request, `recover ${environment.name}`);
  const lease = await claimOn(request, target, { holder, purpose: 'automatic', waitMs: request.lockWaitMs });
  try {
    const run = {
      reporter: request.reporter,
      environment,
      clock: CLOCK,
      many: environment.targets.length > 1,
      timed: untimed,
    };
    const recovered = await recoverOn(run, { session, lease, seen: { recorded: await session.recall() } });
    const removed = await pruneOn(run, { ...target, lease });
    const seen = await look(session);
    const { release, transaction } = seen.recorded;
    return {
      wasLeft: recovered !== undefined,
      ...(transaction && { transaction }),
      release: release?.name ?? '',
      differing: differing(composeProvider, seen),
      removed,
    };
  } finally {
    await lease.release();
  }
}
