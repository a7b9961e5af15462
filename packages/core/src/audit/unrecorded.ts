import type { DeployRun } from '../run.ts';
import type { Standing } from '../standing.ts';

const ENDS: ReadonlySet<Standing['state']> = new Set(['confirmed', 'reverted', 'revert-failed', 'frozen']);

/** A transaction that has ended and left the audit trail's head where it was is missing in the trail. */
export function warnIfUnrecorded(run: DeployRun, { move, state, auditHead }: Standing): void {
  if (!ENDS.has(state) || auditHead !== move.seen.recorded.auditHead) return;
  run.reporter.say(
    'warning',
    `The audit trail on ${move.session.label} says nothing of this run: audit.ndjson in the state folder could not be written, see the lines "audit" of journal.ndjson beside it.`,
  );
}
