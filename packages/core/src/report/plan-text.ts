import type { Change, Plan } from '../model.ts';
import { effective } from '../plan.ts';
import { imageText, shortIds } from './summary.ts';

const MARK: Readonly<Record<Change['action'], string>> = {
  create: '+',
  update: '~',
  recreate: '±',
  restart: '↻',
  reload: '↻',
  delete: '-',
  none: '=',
};

/** The plan as plain lines, one a change. */
export function describePlan(plan: Plan): string {
  const changes = effective(plan.changes);
  if (changes.length === 0) return 'Plan: nothing to change.';
  const width = Math.max(...changes.map(({ subject }) => subject.length));
  return [`Plan ${plan.hash}:`, ...changes.map((change) => describeChange(change, width))].join('\n');
}

function describeChange(change: Change, width: number): string {
  const what = change.kind === 'service' ? imageText(change) : change.kind;
  const told = change.cause.includes(what) ? '' : `  (${what})`;
  const line = `  ${MARK[change.action]} ${change.subject.padEnd(width)}  ${change.action.padEnd(8)}  ${change.cause}${told}`;
  // A line break of the Compose file could begin a line that GitHub takes for a command.
  return shortIds(line).replace(/\p{Cc}+/gu, ' ');
}
