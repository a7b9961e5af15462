import { recordText } from './audit/record-text.ts';
import { RefusedError } from './errors.ts';
import type { Hold, Verdict } from './model.ts';
import type { Move } from './move.ts';
import type { HoldOrder } from './ports.ts';
import type { DeployRun } from './run.ts';
import { shortCommit } from './short-commit.ts';
import type { SeenTarget } from './target-run.ts';

/** Older ones are of commits that nobody deploys again. */
const MOST_HOLDS = 50;
const LONGEST_WHY = 200;

/** The holds with one more; a commit is held once, for the newest reason. */
export function withHold(holds: readonly Hold[], hold: Hold): readonly Hold[] {
  return [...without(holds, hold.commit), hold].slice(-MOST_HOLDS);
}

/** The holds without those of a commit. */
export function without(holds: readonly Hold[], commit: string): readonly Hold[] {
  return holds.filter((each) => each.commit !== commit);
}

/** What is held once this move is given up or confirmed with this verdict; `undefined` if that changes nothing. */
export function holdAfter(run: DeployRun, move: Move, verdict: Verdict): HoldOrder | undefined {
  const { release, seen } = move;
  const { holds } = seen.recorded;
  if (verdict.verdict === 'unhealthy') {
    // A heal does not leave its commit.
    if (release.name === seen.recorded.release?.name) return undefined;
    const hold = holdOf(run, move, verdict);
    return { holds: withHold(holds, hold), facts: recordText({ event: 'held', ...hold }, redactor(run)) };
  }
  if (verdict.verdict === 'unknown' || without(holds, release.commit).length === holds.length) return undefined;
  const facts = { event: 'lifted', commit: release.commit, by: run.actor, why: 'it is deployed and healthy' };
  return { holds: without(holds, release.commit), facts: recordText(facts, redactor(run)) };
}

function holdOf(run: DeployRun, { release }: Move, { evidence }: Verdict): Hold {
  const bad = evidence.find((each) => each.verdict === 'unhealthy');
  return {
    commit: release.commit,
    release: release.name,
    since: run.clock.today().toISOString(),
    by: run.reporter.redact(run.actor),
    why: run.reporter.redact(bad ? `${bad.subject}: ${bad.seen}` : 'unhealthy').slice(0, LONGEST_WHY),
  };
}

/** A held commit is not tried again by a schedule. Whoever asks for it is told, and served. Throws `RefusedError` `policy`. */
export function heedHolds(run: DeployRun, targets: readonly SeenTarget[]): void {
  const hold = holdOn(run, targets);
  if (!hold) return;
  const seen = `the commit is held since ${hold.since}: ${hold.why} (release ${hold.release}, by ${hold.by})`;
  if (run.trigger === 'asked') {
    run.reporter.say('warning', `${seen}. It is tried again, as somebody asked for it.`);
    return;
  }
  throw new RefusedError('policy', {
    attempted: `deploy commit ${shortCommit(run.commit)} by schedule`,
    seen,
    remedy: 'push a commit that mends it, run the workflow by hand, or `gitops hold clear`',
  });
}

/** Whether this run would be refused for a hold. */
export function isHeldBack(run: DeployRun, targets: readonly SeenTarget[]): boolean {
  return run.trigger !== 'asked' && holdOn(run, targets) !== undefined;
}

function holdOn(run: DeployRun, targets: readonly SeenTarget[]): Hold | undefined {
  return targets.flatMap(({ seen }) => seen.recorded.holds).find(({ commit }) => commit === run.commit);
}

function redactor({ reporter }: DeployRun): (text: string) => string {
  return (text) => reporter.redact(text);
}
