import type { Change, Release, Verdict } from '../model.ts';
import { effective } from '../plan.ts';
import type { DeployRun } from '../run.ts';
import type { PlannedTarget } from '../target-run.ts';
import { recordText } from './record-text.ts';

/** Longer ones are for the summary. */
const LONGEST_SEEN = 200;
const MOST_EVIDENCE = 50;

/** What an audit trail says of a transaction that begins: who, from what to what, and every change with its cause. */
export function begunFacts(run: DeployRun, move: PlannedTarget & { readonly release: Release }): string {
  const { scope, seen, release, plan, prepared, adoption, clearance } = move;
  return recordText(
    {
      by: run.actor,
      environment: scope.environment.name,
      target: scope.target.name,
      commit: run.commit,
      ...(release.dirty && { dirty: true }),
      planHash: plan.hash,
      ...clearance,
      release: release.name,
      previousRelease: seen.recorded.release?.name ?? '',
      ...(adoption && { adopted: adoption.release.name }),
      changes: effective(plan.changes).map(changeFacts),
      images: prepared.images,
      compose: prepared.composeVersion,
      engine: prepared.engineVersion,
    },
    redactor(run),
  );
}

/** Causes name fields; values that might be secret are not in them. */
function changeFacts({ address, action, cause }: Change) {
  return { address, action, cause };
}

/** A verdict in short: what is not healthy, and how many are. */
export function verdictFacts(run: DeployRun, { verdict, evidence }: Verdict): string {
  const bad = evidence.filter((each) => each.verdict !== 'healthy');
  const told = bad.slice(0, MOST_EVIDENCE).map(({ subject, verdict: each, seen }) => ({
    subject,
    verdict: each,
    seen: redactor(run)(seen).slice(0, LONGEST_SEEN),
  }));
  return recordText({ verdict, healthy: evidence.length - bad.length, evidence: told }, redactor(run));
}

/** A commit that has the content of the current release. Its content hash covers secrets, so it is not said. */
export function aliasFacts(run: DeployRun): string {
  return recordText({ commit: run.commit, by: run.actor }, redactor(run));
}

function redactor({ reporter }: DeployRun): (text: string) => string {
  return (text) => reporter.redact(text);
}
