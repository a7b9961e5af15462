import type { Change, Plan } from '../model.ts';
import { effective } from '../plan.ts';

/** Changes of one stack on one target. */
export interface StackChanges {
  readonly stack: string;
  /** Left out in an environment that has only one. */
  readonly target?: string;
  readonly changes: readonly Change[];
}

/** A plan in the order in which it is read: what stops it, what it changes, what it puts right, what it leaves. */
export interface PlanView {
  readonly blocked: readonly Change[];
  /** What the commit changes, alone or on top of what was changed on the host. */
  readonly changed: readonly StackChanges[];
  /** What was changed on the host and is put right. */
  readonly drifted: readonly StackChanges[];
  /** Nothing wants it, and it stays. */
  readonly kept: readonly Change[];
  /** Services that mount paths of the host itself. */
  readonly mounting: readonly Change[];
  readonly warnings: readonly string[];
}

/** Sorts a plan for its reader. Every change that does something is in one of the first three lists. */
export function viewPlan({ changes, warnings }: Plan): PlanView {
  const done = effective(changes);
  const going = done.filter(({ risk }) => risk !== 'blocked');
  return {
    blocked: done.filter(({ risk }) => risk === 'blocked'),
    changed: byStack(going.filter(({ origin }) => origin !== 'drift')),
    drifted: byStack(going.filter(({ origin }) => origin === 'drift')),
    kept: changes.filter(({ action, cause }) => action === 'none' && cause.startsWith('kept: ')),
    mounting: changes.filter(({ hostMounts = [] }) => hostMounts.length > 0),
    warnings,
  };
}

const ORDER: readonly Change['kind'][] = ['service', 'network', 'volume'];

function byStack(changes: readonly Change[]): readonly StackChanges[] {
  const groups = new Map<string, Change[]>();
  for (const change of changes) {
    const key = JSON.stringify([change.target, change.stack]);
    groups.set(key, [...(groups.get(key) ?? []), change]);
  }
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    return first ? [stackOf(first, group)] : [];
  });
}

function stackOf({ stack, target }: Change, group: readonly Change[]): StackChanges {
  const changes = ORDER.flatMap((kind) => group.filter((change) => change.kind === kind));
  return { stack, ...(target !== undefined && { target }), changes };
}

/** `web-1: shop`; only the stack in an environment of one target. */
export function titleOf({ stack, target }: Pick<Change, 'stack' | 'target'>): string {
  return target === undefined ? stack : `${target}: ${stack}`;
}
