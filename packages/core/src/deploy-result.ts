import { GitopsError, outcomeBeforeChange, RefusedError } from './errors.ts';
import type { Live, Outcome, Plan, Scope, Verdict } from './model.ts';
import type { Adoption, PrunedItem, Recorded } from './ports.ts';

/** How a deployment ended. Everything a report needs. */
export interface DeployResult {
  readonly outcome: Outcome;
  readonly verdict?: Verdict;
  readonly plan?: Plan;
  /** The newest of the targets' current releases when the run ended; empty if there is none. */
  readonly release: string;
  readonly previousRelease: string;
  /** One for each target, in the order of their names; empty if none was reached. */
  readonly targets: readonly TargetResult[];
  /** Whether its commit is held from now on. */
  readonly isHeld?: boolean;
  /** What went wrong, for people. */
  readonly error?: GitopsError;
  /** What was removed from the hosts afterwards, as no way back needs it. */
  readonly pruned?: readonly PrunedItem[];
  /** Last lines of what the hosts said while applying. */
  readonly log?: string;
}

/** How it ended on one target. */
export interface TargetResult {
  readonly name: string;
  readonly host: string;
  readonly outcome: Outcome;
  readonly release: string;
  readonly previousRelease: string;
  /** Hash of the newest record in its audit trail that this run knows of; empty if there is none. */
  readonly auditHead: string;
}

/** What was recorded and what runs, read at one time. */
export interface Seen {
  readonly recorded: Recorded;
  readonly live: Live;
}

/** What a report needs to know of a target that was looked at. */
export interface Looked {
  readonly scope: Pick<Scope, 'target'>;
  readonly seen: Seen;
  readonly adoption?: Adoption;
}

/** What a commit says runs, but not well: no success, whoever asks. */
export function isUnchangedButSick({ outcome, verdict }: DeployResult): boolean {
  return outcome === 'unchanged' && verdict?.verdict === 'unhealthy';
}

/** Every target with the same outcome, and its release as it was. */
export function unmoved(targets: readonly Looked[], outcome: Outcome): Pick<DeployResult, 'outcome' | Summed> {
  const results = targets.map((target) => targetResult(target, outcome));
  return { outcome, ...summedUp(results) };
}

type Summed = 'release' | 'previousRelease' | 'targets';

/** One release to speak of for all targets: the newest. */
export function summedUp(targets: readonly TargetResult[]): Pick<DeployResult, Summed> {
  return {
    release: newest(targets.map(({ release }) => release)),
    previousRelease: newest(targets.map(({ previousRelease }) => previousRelease)),
    targets,
  };
}

/** How it ended on a target. Without a new release it has the one it had. */
export function targetResult(
  target: Looked,
  outcome: Outcome,
  release = releaseName(target),
  auditHead = target.seen.recorded.auditHead ?? '',
): TargetResult {
  const { name, host } = target.scope.target;
  return { name, host, outcome, release, previousRelease: releaseName(target), auditHead };
}

/** The release that was current when the run began; what was taken over was none. */
function releaseName({ seen, adoption }: Looked): string {
  return (adoption ? adoption.before : seen.recorded.release)?.name ?? '';
}

/** By the number before the hyphen. */
function newest(releases: readonly string[]): string {
  return releases.reduce((best, each) => (numberOf(each) > numberOf(best) ? each : best), '');
}

function numberOf(release: string): number {
  return release === '' ? -1 : Number.parseInt(release, 10);
}

/** The result of a run that ended with an error before anything was changed. */
export function deployFailed(error: unknown, targets: readonly Looked[] = []): DeployResult {
  const plan = error instanceof RefusedError ? error.plan : undefined;
  return { ...unmoved(targets, outcomeBeforeChange(error)), error: asGitopsError(error), ...(plan && { plan }) };
}

/** Any error as one of ours. */
export function asGitopsError(error: unknown): GitopsError {
  if (error instanceof GitopsError) return error;
  const seen = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return new GitopsError('internal', {
    attempted: 'finish the run',
    seen,
    remedy: 'this is a fault of gitops-coordinator; please report it with the lines above',
    cause: error,
  });
}
