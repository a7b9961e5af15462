import { canonical } from './canonical.ts';
import type { Change } from './model.ts';
import { effective } from './plan.ts';

/**
 * Says of each change where it comes from. `drift` is what has to happen only to bring back what is recorded, so a change that
 * is among that word for word is drift alone, and one at the same place that says something else is both. Pure.
 */
export function withOrigins(changes: readonly Change[], drift: readonly Change[]): readonly Change[] {
  const drifted = new Map(effective(drift).map((change) => [change.address, change]));
  return changes.map((change) => (change.action === 'none' ? change : withOrigin(change, drifted.get(change.address))));
}

function withOrigin(change: Change, drift: Change | undefined): Change {
  if (!drift) return { ...change, origin: 'change' };
  if (isSame(change, drift)) return { ...change, origin: 'drift' };
  return { ...change, origin: 'both', drift: drift.cause };
}

/** By what is done, why, and what comes of it. */
function isSame(one: Change, other: Change): boolean {
  return deed(one) === deed(other);
}

function deed({ action, cause, fields, imageAfter = '', digestAfter = '' }: Change): string {
  return canonical({ action, cause, fields, imageAfter, digestAfter });
}
