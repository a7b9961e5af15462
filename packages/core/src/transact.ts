import { candidate, releaseFor } from './candidate-release.ts';
import type { DeployResult, Seen } from './deploy-result.ts';
import { GitopsError, messageOf, NotBegunError } from './errors.ts';
import { type Baseline, restartCounts, sickServices } from './health.ts';
import type { Desired, Evidence, Plan, Release, Verdict } from './model.ts';
import { effective } from './plan.ts';
import type { Declared, Lease, Prepared, TargetSession, TransactionStatus } from './ports.ts';
import type { DeployRun } from './run.ts';
import { watch } from './watch.ts';

export interface TransactInput {
  readonly run: DeployRun;
  readonly session: TargetSession;
  readonly lease: Lease;
  readonly prepared: Prepared;
  readonly desired: Desired;
  readonly plan: Plan;
  readonly seen: Seen;
  readonly declared: Declared;
}

/**
 * Hands the transaction to the host, watches what comes of it, and orders the host to confirm or to go back. From the
 * first step on the host can end it alone, so whatever happens to this process, nothing is left in between.
 */
export async function transact(input: TransactInput): Promise<DeployResult> {
  const { run, session, lease } = input;
  const release = releaseFor(input);
  try {
    const log: string[] = [];
    await run.timed('begin', () => begin(input, release));
    const applied = await run.timed('apply', () => session.follow(lease, (line) => note(run, log, line)));
    if (applied.state !== 'awaiting') return failedStep(input, applied, log);
    const verdict = await run.timed('watch', () => judge(input));
    const status = await run.timed('settle', () => decide(input, { ...release, verdict: verdict.verdict }, verdict));
    if (status.state === 'confirmed') await recordCommit(input, release);
    return { ...ending(input), ...outcomeOf(status, release), verdict };
  } catch (error) {
    if (error instanceof NotBegunError) throw error;
    await leaveToHost(input);
    return { ...ending(input), outcome: 'unknown', error: lostSight(run.signal.aborted ? run.signal.reason : error) };
  }
}

function begin({ run, lease, prepared, desired, plan, seen }: TransactInput, release: Release): Promise<void> {
  const previous = seen.recorded.release;
  const transaction = run.provider.compile({
    changes: plan.changes,
    desired,
    previous: previous?.desired,
    live: seen.live,
    release: release.name,
    previousRelease: previous?.name,
  });
  const confirmTimeoutSeconds = Math.ceil(run.environment.health.confirmTimeoutMs / 1000);
  const isNew = release.name !== previous?.name;
  return prepared.begin(lease, desired, { release: release.name, isNew, transaction, confirmTimeoutSeconds });
}

/** After a heal the current release may be an older commit's; this one has the same content. */
async function recordCommit({ run, session, declared, seen }: TransactInput, release: Release): Promise<void> {
  const { recorded } = seen;
  const isKnown = recorded.commit === run.commit && recorded.inputsDigest === declared.inputsDigest;
  if (release !== recorded.release || isKnown) return;
  try {
    await session.alias(release.name, run.commit, declared.inputsDigest);
  } catch (error) {
    run.reporter.say('warning', `The commit could not be recorded: ${messageOf(error)}`);
  }
}

function baseline({ plan, desired, seen }: TransactInput): Baseline {
  const changed = effective(plan.changes)
    .filter(({ kind }) => kind === 'service')
    .map(({ name }) => name);
  return {
    changed: new Set(changed),
    sick: sickServices(desired.services, seen.live),
    restarts: restartCounts(seen.live),
  };
}

function note(run: DeployRun, log: string[], line: string): void {
  log.push(line);
  run.reporter.detail(line);
}

/** healthy and degraded confirm; unhealthy and unknown go back, unless a freeze was asked for. */
async function decide(
  { run, session, lease }: TransactInput,
  release: Release,
  verdict: Verdict,
): Promise<TransactionStatus> {
  if (confirms(verdict)) await session.confirm(lease, release);
  else await session.order(lease, run.onFailure === 'freeze' && verdict.verdict === 'unhealthy' ? 'freeze' : 'revert');
  return session.settle(lease);
}

/** Logs are read before the host goes back, as its containers go with it. */
async function judge(input: TransactInput): Promise<Verdict> {
  const { run, session, desired } = input;
  const verdict = await watch(run.watching(desired.services, () => session.observe(), baseline(input)));
  if (confirms(verdict)) return verdict;
  return { ...verdict, evidence: await explained(input, verdict.evidence) };
}

/** Best effort: the verdict stands without its logs. */
async function explained({ run, session }: TransactInput, evidence: readonly Evidence[]): Promise<readonly Evidence[]> {
  try {
    return await session.explain(evidence);
  } catch (error) {
    run.reporter.say('warning', `The logs could not be read: ${messageOf(error)}`);
    return evidence;
  }
}

function confirms({ verdict }: Verdict): boolean {
  return verdict === 'healthy' || verdict === 'degraded';
}

function outcomeOf(
  { state }: TransactionStatus,
  release: Release,
): Partial<DeployResult> & Pick<DeployResult, 'outcome'> {
  if (state === 'confirmed') return { outcome: 'deployed', release: release.name };
  if (state === 'frozen') return { outcome: 'frozen' };
  if (state === 'reverted') return { outcome: 'rolled-back' };
  return { outcome: state === 'revert-failed' ? 'rollback-failed' : 'unknown' };
}

function failedStep(input: TransactInput, status: TransactionStatus, log: readonly string[]): DeployResult {
  const error = new GitopsError('step-failed', {
    attempted: `apply the step "${status.detail}" on ${input.session.label}`,
    seen: lastWords(log),
    remedy:
      status.state === 'reverted'
        ? 'mend the cause and deploy again; the former state is back and verified'
        : 'see the log, and look at the host: it could not be brought back',
  });
  return { ...ending(input), ...outcomeOf(status, candidate(input)), error, log: log.slice(-40).join('\n') };
}

/** The lines that say why, without the progress before them. */
function lastWords(log: readonly string[]): string {
  const back = log.indexOf('── going back');
  const before = back < 0 ? log : log.slice(0, back);
  const telling = before.filter((line) => /error|fail|denied|cannot|exited|unhealthy/i.test(line));
  return (telling.length > 0 ? telling : before).slice(-3).join('\n') || 'no output';
}

function ending({ plan, desired, seen }: TransactInput): Omit<DeployResult, 'outcome'> {
  const previous = seen.recorded.release?.name ?? '';
  return { plan, desired, release: previous, previousRelease: previous };
}

/** Best effort: the host would go back by itself, this only spares it the wait. */
async function leaveToHost({ run, session, lease }: TransactInput): Promise<void> {
  try {
    await session.order(lease, 'revert');
  } catch (error) {
    run.reporter.say('warning', `The host will go back by itself: ${messageOf(error)}`);
  }
}

function lostSight(error: unknown): GitopsError {
  if (error instanceof GitopsError) return error;
  return new GitopsError('lost-sight', {
    attempted: 'follow the transaction to its end',
    seen: messageOf(error),
    remedy: 'the host ends it alone; the next run says how it ended',
    cause: error,
  });
}
