import { GitopsError, type Hold, recordText, withoutHold } from '@gitops/core';
import {
  claimOn,
  type EnvironmentRequest,
  holderOf,
  type OnTarget,
  onEveryTarget,
  type UsedTarget,
} from './use-environment.ts';

/** Commits, the newest last: those that are held, or those whose hold was lifted. */
export interface Holds {
  readonly holds: readonly Hold[];
}

/** The commits that are held on each target. */
export function readHolds(request: EnvironmentRequest): Promise<readonly OnTarget<Holds>[]> {
  return onEveryTarget(request, 'read what is held on', async ({ session }) => {
    const { holds } = await session.recall();
    return { holds };
  });
}

export interface ClearHoldsRequest extends EnvironmentRequest {
  /** The beginning of a commit id; empty: all of them. */
  readonly commit: string;
  readonly reason: string;
  readonly lockWaitMs: number;
}

/** Lifts holds, on every target. What is lifted is returned. */
export async function clearHolds(request: ClearHoldsRequest): Promise<readonly OnTarget<Holds>[]> {
  const done = await onEveryTarget(request, 'lift holds of', (target) => clearOn(request, target));
  const isFound = request.commit === '' || done.some(({ error, result }) => error || result.holds.length > 0);
  if (isFound) return done;
  throw new GitopsError('input', {
    attempted: `lift the hold of commit ${request.commit}`,
    seen: 'no commit that begins so is held',
    remedy: `give the beginning of a commit id as \`gitops hold list ${request.environment}\` shows it`,
  });
}

async function clearOn(request: ClearHoldsRequest, target: UsedTarget): Promise<Holds> {
  const { session } = target;
  const lifted = (holds: readonly Hold[]) => holds.filter(({ commit }) => commit.startsWith(request.commit));
  if (lifted((await session.recall()).holds).length === 0) return { holds: [] };
  const holder = holderOf(request, 'clear holds');
  const lease = await claimOn(request, target, { holder, purpose: 'automatic', waitMs: request.lockWaitMs });
  try {
    const { holds } = await session.recall();
    const gone = lifted(holds);
    const left = gone.reduce<readonly Hold[]>((rest, { commit }) => withoutHold(rest, commit), holds);
    const facts = {
      event: 'lifted',
      commits: gone.map(({ commit }) => commit),
      by: request.actor,
      why: request.reason,
    };
    await session.hold(lease, { holds: left, facts: recordText(facts, (text) => request.reporter.redact(text)) });
    return { holds: gone };
  } finally {
    await lease.release();
  }
}
