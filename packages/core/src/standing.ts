import { begunFacts, verdictFacts } from './audit/facts.ts';
import { GitopsError, messageOf, NotBegunError } from './errors.ts';
import { holdAfter } from './holds.ts';
import type { Evidence, Outcome, Verdict } from './model.ts';
import { type Move, seenThrough } from './move.ts';
import type { OrderWords, TransactionState } from './ports.ts';
import type { DeployRun } from './run.ts';
import type { PlannedTarget } from './target-run.ts';
import { stuck, TOLD_TO_STOP, wentBack } from './went-back.ts';

/** How the transaction of one target stands: as its host says, or never begun, or out of sight. */
export interface Standing {
  readonly move: Move;
  readonly state: TransactionState | 'not-begun' | 'lost';
  readonly error?: GitopsError;
  /** The containers that it went back for. */
  readonly failures?: readonly Evidence[];
  /** Last lines of what the host said while applying; empty if it went well. */
  readonly log: string;
  /** Hash of the newest record in the host's audit trail, as far as it was told. */
  readonly auditHead?: string;
}

/** The outcome that a standing is for its target. */
export function outcomeOf(state: Standing['state']): Outcome {
  return OUTCOMES[state] ?? 'unknown';
}

/** The detail of a host that went back as nobody spoke to it. What such a run has seen then says nothing of the new state. */
export const SILENT = 'runner-silent';

const OUTCOMES: Partial<Record<Standing['state'], Outcome>> = {
  'not-begun': 'failed-before-change',
  confirmed: 'deployed',
  frozen: 'frozen',
  reverted: 'rolled-back',
  'revert-failed': 'rollback-failed',
};

/** Lays the transaction down on its host and starts it. Like all of these, it never throws. */
export async function beginOn(run: DeployRun, move: Move & PlannedTarget): Promise<Standing> {
  const { prepared, lease, desired, release, seen, adoption } = move;
  const isNew = release.name !== seen.recorded.release?.name;
  const confirmTimeoutSeconds = Math.ceil(run.environment.health.confirmTimeoutMs / 1000);
  try {
    const transaction = compile(run, move);
    await prepared.begin(lease, desired, {
      release: release.name,
      isNew,
      transaction,
      confirmTimeoutSeconds,
      facts: begunFacts(run, move),
      seenThrough: seenThrough(move),
      ...(adoption && { adopted: adoption }),
    });
    return { move, state: 'staged', log: '' };
  } catch (error) {
    if (error instanceof NotBegunError) return { move, state: 'not-begun', error, log: '' };
    return lostOn(run, move, error);
  }
}

function compile(run: DeployRun, { plan, desired, seen, release, prepared }: Move & PlannedTarget) {
  const previous = seen.recorded.release;
  return run.provider.compile({
    changes: plan.changes,
    desired,
    previous: previous?.desired,
    live: seen.live,
    release: release.name,
    previousRelease: previous?.name,
    composeVersion: prepared.composeVersion,
  });
}

const MOST_LINES = 1000;

/** Waits until every step is done, or the host went back. */
export async function followOn(run: DeployRun, { move }: Standing): Promise<Standing> {
  const said: string[] = [];
  const prefix = run.many ? `${move.scope.target.name} │ ` : '';
  try {
    const status = await move.session.follow(move.ref, (line) => {
      said.push(line);
      // Only the end is of use, and what a host says may have none.
      if (said.length > 2 * MOST_LINES) said.splice(0, MOST_LINES);
      run.reporter.detail(`${prefix}${line}`);
    });
    if (status.state === 'awaiting') return { move, state: 'awaiting', log: '' };
    return wentBack(move, status, said);
  } catch (error) {
    return lostOn(run, move, error);
  }
}

/** Orders the host to go back without waiting for it. Best effort: it would go back by itself, this only spares it the wait. */
export async function stopOn(run: DeployRun, { move }: Standing): Promise<void> {
  try {
    await move.session.order(move.ref, 'revert');
  } catch (error) {
    run.reporter.say('warning', `${move.session.label} will go back by itself: ${messageOf(error)}`);
  }
}

/** Brings a transaction that has not ended to its end. */
export async function goBackOn(
  run: DeployRun,
  standing: Standing,
  order: 'revert' | 'freeze',
  verdict?: Verdict,
): Promise<Standing> {
  const { move, state } = standing;
  if (state !== 'staged' && state !== 'awaiting' && state !== 'lost') return standing;
  if (state === 'lost' || run.signal.aborted) {
    await stopOn(run, standing);
    return state === 'lost' ? standing : lostOn(run, move, run.signal.reason);
  }
  return settleOn(run, standing, () => move.session.order(move.ref, order, verdict && wordsOf(run, move, verdict)));
}

/** Makes the new state the recorded one. */
export async function confirmOn(run: DeployRun, standing: Standing, verdict: Verdict): Promise<Standing> {
  const { session, ref, release } = standing.move;
  const confirmed = { ...release, verdict: verdict.verdict };
  const words = wordsOf(run, standing.move, verdict);
  const settled = await settleOn(run, standing, () => session.confirm(ref, confirmed, words));
  if (settled.state === 'confirmed' || settled.error) return settled;
  const error = new GitopsError('not-confirmed', {
    attempted: `confirm the new state on ${session.label}`,
    seen: `the host had decided otherwise before: ${settled.state}`,
    remedy: 'deploy again; a host goes back when it does not hear of its runner for `health.confirmTimeout`',
  });
  return { ...settled, error };
}

function wordsOf(run: DeployRun, move: Move, verdict: Verdict): OrderWords {
  return { verdict: verdictFacts(run, verdict), hold: holdAfter(run, move, verdict) };
}

async function settleOn(run: DeployRun, standing: Standing, order: () => Promise<void>): Promise<Standing> {
  const { move } = standing;
  try {
    await order();
    const { state, detail, auditHead } = await move.session.settle(move.ref);
    const error = detail === SILENT ? wasTooLate(move) : undefined;
    const settled = { ...standing, state, ...(error && { error }), ...(auditHead !== undefined && { auditHead }) };
    return state === 'revert-failed' ? stuck(settled) : settled;
  } catch (error) {
    await stopOn(run, standing);
    return { ...lostOn(run, move, error), log: standing.log };
  }
}

function wasTooLate({ session }: Move): GitopsError {
  return new GitopsError(SILENT, {
    attempted: `decide on the new state on ${session.label}`,
    seen: 'the host had not heard of this run for `health.confirmTimeout`, and went back by itself',
    remedy: 'deploy again; a runner that sleeps or hangs for a while looks like this',
  });
}

/** What went wrong first of all: a host that was told to stop is the victim of another one, unless it is alone. */
export function firstError(standings: readonly Standing[]): GitopsError | undefined {
  const errors = standings.flatMap(({ error }) => error ?? []);
  return errors.find(({ code }) => code !== TOLD_TO_STOP) ?? errors[0];
}

/** The transaction can't be followed any more. */
export function lostOn(run: DeployRun, move: Move, error: unknown): Standing {
  return { move, state: 'lost', error: lostSight(run.signal.aborted ? run.signal.reason : error), log: '' };
}

function lostSight(error: unknown): GitopsError {
  if (error instanceof GitopsError) return error;
  return new GitopsError('lost-sight', {
    attempted: 'follow the transaction to its end',
    seen: messageOf(error),
    remedy: 'the host ends it alone; `gitops status` says how, and the next run puts right what it could not',
    cause: error,
  });
}
