import type { Change, Plan } from '../model.ts';
import { counted, DONE } from './change-words.ts';
import { viewPlan } from './plan-view.ts';

const KINDS = ['service', 'network', 'volume'] as const;
const ACTIONS = ['recreate', 'create', 'update', 'restart', 'reload', 'delete'] as const;

/** `2 services recreated, 1 created, 1 network deleted`; empty for no changes. */
export function tally(changes: readonly Change[]): string {
  return KINDS.flatMap((kind) => tallyOf(kind, changes)).join(', ');
}

function tallyOf(kind: Change['kind'], changes: readonly Change[]): readonly string[] {
  const counts = ACTIONS.map((action) => {
    const some = changes.filter((change) => change.kind === kind && change.action === action);
    return { action, count: some.length };
  }).filter(({ count }) => count > 0);
  return counts.map(({ action, count }, index) => {
    const what = index === 0 ? counted(count, kind) : String(count);
    return `${what} ${DONE[action]}`;
  });
}

/** Plans in one line: what is blocked, what is done to services, what is put right; `nothing` if they do nothing. */
export function tallyPlans(plans: readonly Plan[]): string {
  const views = plans.map(viewPlan);
  const count = (list: 'changed' | 'drifted') => views.flatMap((view) => view[list].flatMap(({ changes }) => changes));
  const blocked = views.flatMap((view) => view.blocked).length;
  const [changed, drifted] = [count('changed'), count('drifted').length];
  const parts = [
    blocked > 0 ? `${counted(blocked, 'change')} blocked` : '',
    brief(changed),
    drifted > 0 ? `${counted(drifted, 'difference')} put right` : '',
  ];
  return parts.filter((part) => part !== '').join(', ') || 'nothing';
}

/** Networks and volumes come and go with their services, and are told only where there are none. */
function brief(changes: readonly Change[]): string {
  return tally(changes.filter(({ kind }) => kind === 'service')) || tally(changes);
}
