import { aliasFacts } from './audit/facts.ts';
import { warnIfUnrecorded } from './audit/unrecorded.ts';
import { releaseFor } from './candidate-release.ts';
import { type DeployResult, summedUp, targetResult } from './deploy-result.ts';
import { GitopsError, messageOf } from './errors.ts';
import { holdAfter } from './holds.ts';
import type { Evidence, Outcome, Plan, Verdict } from './model.ts';
import { type Move, moveTo } from './move.ts';
import { pruneConfirmed } from './prune.ts';
import type { DeployRun } from './run.ts';
import { stacksOf } from './service-name.ts';
import {
  beginOn,
  confirmOn,
  firstError,
  followOn,
  goBackOn,
  lostOn,
  outcomeOf,
  SILENT,
  type Standing,
  stopOn,
} from './standing.ts';
import { onEach, type PlannedTarget, type SeenTarget } from './target-run.ts';
import { type WatchedTarget, watch } from './watch.ts';

/** What all targets of a run come to. */
export interface Whole {
  readonly run: DeployRun;
  /** Those that change, and those that stay as they are. */
  readonly all: readonly SeenTarget[];
  readonly plan: Plan;
}

export interface TransactInput extends Whole {
  /** Those that change. */
  readonly targets: readonly PlannedTarget[];
  /** Of the release that is made. */
  readonly number: number;
}

/**
 * Hands each host its transaction, watches what comes of all of them, and orders all to confirm or all to go back. From
 * the first step on a host can end it alone, so whatever happens to this process, nothing is left in between.
 */
export async function transact(input: TransactInput): Promise<DeployResult> {
  const { run, targets, number } = input;
  const moves = targets.map((target) => moveTo(releaseFor(run, target, number), target));
  run.signal.throwIfAborted();
  run.onBegin();
  const begun = await run.timed('begin', () => onEach(run, moves, (move) => beginOn(run, move)));
  if (begun.every(({ state }) => state === 'not-begun')) throw begun[0]?.error;
  return orLost(input, begun, () => seeThrough(input, begun));
}

/** Whatever happens to this process while it sees a transaction through, it has begun: it is ordered back, and out of sight. */
export async function orLost<Result>(
  input: Whole,
  begun: readonly Standing[],
  work: () => Promise<Result>,
): Promise<Result | DeployResult> {
  try {
    return await work();
  } catch (error) {
    const lost = begun.map(({ move }) => lostOn(input.run, move, error));
    return ended(input, await goBack(input.run, lost));
  }
}

async function seeThrough(input: Whole, begun: readonly Standing[]): Promise<DeployResult> {
  const { run } = input;
  if (begun.some(({ state }) => state !== 'staged')) return ended(input, await goBack(run, begun));
  const applied = await run.timed('apply', () => followAll(run, begun));
  if (applied.some(({ state }) => state !== 'awaiting')) return blame(input, await goBack(run, applied));
  return await judgeAndDecide(input, applied);
}

/** A step that failed for its containers has shown that they are unhealthy: the commit is held, as after a watch. */
async function blame(input: Whole, settled: readonly Standing[]): Promise<DeployResult> {
  const { run } = input;
  const result = ended(input, settled);
  const evidence = settled.flatMap(({ move, failures = [] }) =>
    failures.map((each) => ({ ...each, subject: `${run.many ? `${move.scope.target.name}: ` : ''}${each.subject}` })),
  );
  if (evidence.length === 0) return result;
  const verdict: Verdict = { verdict: 'unhealthy', evidence };
  const held = await onEach(run, settled, ({ move }) => hold(run, move, verdict));
  return { ...result, verdict, isHeld: held.includes(true) };
}

/** Best effort: without it a schedule tries once more. */
async function hold(run: DeployRun, move: Move, verdict: Verdict): Promise<boolean> {
  const order = holdAfter(run, move, verdict);
  if (!order) return false;
  try {
    await move.session.hold(move.lease, order);
    return true;
  } catch (error) {
    run.reporter.say('warning', `The commit could not be held on ${move.session.label}: ${messageOf(error)}`);
    return false;
  }
}

/** Every step is done everywhere: what runs is judged, and confirmed or taken back. */
export async function judgeAndDecide(input: Whole, applied: readonly Standing[]): Promise<DeployResult> {
  const { run } = input;
  const verdict = await judge(run, applied);
  const settled = await run.timed('settle', () => decide(run, applied, verdict));
  const result = ended(input, settled);
  if (result.outcome === 'deployed') await onEach(run, input.all, (target) => recordHeal(run, target, settled));
  const pruned = await pruneConfirmed(run, settled);
  const isHeld =
    verdict.verdict === 'unhealthy' &&
    settled.some(({ move, error }) => error?.code !== SILENT && holdAfter(run, move, verdict));
  return { ...result, verdict, pruned, isHeld };
}

/** As soon as one host fails, the others are told to go back, in the middle of a step; so all are listened to, however many. */
export async function followAll(run: DeployRun, begun: readonly Standing[]): Promise<readonly Standing[]> {
  let isStopping = false;
  const follow = async (standing: Standing): Promise<Standing> => {
    const reached = await followOn(run, standing);
    if (reached.state !== 'awaiting' && !isStopping) {
      isStopping = true;
      await Promise.all(begun.filter((other) => other !== standing).map((other) => stopOn(run, other)));
    }
    return reached;
  };
  return onEach(run, begun, follow, Number.POSITIVE_INFINITY);
}

/** Orders back whatever has not ended, and waits for it. */
export function goBack(run: DeployRun, standings: readonly Standing[]): Promise<readonly Standing[]> {
  return run.timed('settle', () => onEach(run, standings, (standing) => goBackOn(run, standing, 'revert')));
}

/** healthy and degraded confirm; unhealthy and unknown go back, unless a freeze was asked for. */
function decide(run: DeployRun, applied: readonly Standing[], verdict: Verdict): Promise<readonly Standing[]> {
  const order = run.onFailure === 'freeze' && verdict.verdict === 'unhealthy' ? 'freeze' : 'revert';
  return onEach(run, applied, (standing) =>
    confirms(verdict) ? confirmOn(run, standing, verdict) : goBackOn(run, standing, order, verdict),
  );
}

/** Logs are read before the hosts go back, as their containers go with it. */
async function judge(run: DeployRun, standings: readonly Standing[]): Promise<Verdict> {
  const targets = standings.map(({ move }) => watchedTarget(run, move));
  const input = { ...run, targets, spec: run.environment.health, probe: run.prober };
  const verdict = await run.timed('watch', () => watch(input));
  if (confirms(verdict)) return verdict;
  return { ...verdict, evidence: await explained(run, standings, verdict.evidence) };
}

function watchedTarget(run: DeployRun, { scope, session, desired, baseline, seen }: Move): WatchedTarget {
  return {
    name: run.many ? scope.target.name : '',
    desired: { services: desired.services, stacks: stacksOf(desired, seen.recorded.release?.desired) },
    baseline,
    look: () => session.look(),
  };
}

/** Best effort: the verdict stands without its logs. */
async function explained(
  run: DeployRun,
  standings: readonly Standing[],
  evidence: readonly Evidence[],
): Promise<readonly Evidence[]> {
  let told = evidence;
  for (const { move } of standings) {
    try {
      told = await move.session.explain(told, run.many ? `${move.scope.target.name}: ` : '');
    } catch (error) {
      run.reporter.say('warning', `The logs could not be read: ${messageOf(error)}`);
    }
  }
  return told;
}

function confirms({ verdict }: Verdict): boolean {
  return verdict === 'healthy' || verdict === 'degraded';
}

/** The content of this commit may be that of an older release: after a heal, and on a target that did not change. */
async function recordHeal(run: DeployRun, target: SeenTarget, settled: readonly Standing[]): Promise<void> {
  const move = settled.find(({ move: { scope } }) => scope === target.scope)?.move;
  if (!move || move.release === target.seen.recorded.release) await recordCommit(run, target);
}

/** Notes that the commit of this run has the content of the current release. */
export async function recordCommit(run: DeployRun, { session, declared, seen }: SeenTarget): Promise<void> {
  const { release, commit, inputsDigest } = seen.recorded;
  if (!release || (commit === run.commit && inputsDigest === declared.inputsDigest)) return;
  try {
    await session.alias(release.name, run.commit, declared.inputsDigest, aliasFacts(run));
  } catch (error) {
    run.reporter.say('warning', `The commit could not be recorded: ${messageOf(error)}`);
  }
}

/** How the run ended, from how its targets did. */
export function ended({ run, plan, all }: Whole, standings: readonly Standing[]): DeployResult {
  for (const standing of standings) warnIfUnrecorded(run, standing);
  const outcomes = standings.map(({ state }) => outcomeOf(state));
  const outcome = together(outcomes);
  const results = all.map((target) => {
    const standing = standings.find(({ move }) => move.scope === target.scope);
    if (!standing) return targetResult(target, 'unchanged');
    const isNew = standing.state === 'confirmed';
    const release = isNew ? standing.move.release.name : undefined;
    return targetResult(target, outcomeOf(standing.state), release, standing.auditHead);
  });
  const error =
    outcome === 'rollback-failed' && outcomes.includes('deployed') ? split(standings) : firstError(standings);
  const log = standings.map((standing) => standing.log).filter((text) => text !== '');
  return {
    outcome,
    plan,
    ...summedUp(results),
    ...(error && { error }),
    ...(log.length > 0 && outcome !== 'deployed' && { log: log.join('\n') }),
  };
}

/** The worst first. Some new and some old is no state that anybody asked for. */
function together(outcomes: readonly Outcome[]): Outcome {
  const worst = (['rollback-failed', 'unknown', 'frozen'] as const).find((each) => outcomes.includes(each));
  if (worst) return worst;
  if (outcomes.every((each) => each === 'deployed')) return 'deployed';
  return outcomes.includes('deployed') ? 'rollback-failed' : 'rolled-back';
}

function split(standings: readonly Standing[]): GitopsError {
  const told = standings.map(({ move, state }) => `${move.session.label}: ${state}`);
  return new GitopsError('split', {
    attempted: 'confirm the new state on every host',
    seen: told.join(', '),
    remedy: 'each host is in a verified state, but not in the same one; deploy again',
  });
}
