import { GitopsError, outcomeBeforeChange } from './errors.ts';
import type { Desired, Live, Outcome, Plan, Verdict } from './model.ts';
import type { Recorded } from './ports.ts';

/** How a deployment ended. Everything a report needs. */
export interface DeployResult {
  readonly outcome: Outcome;
  readonly verdict?: Verdict;
  readonly plan?: Plan;
  readonly desired?: Desired;
  /** The current release when the run ended; empty if there is none. */
  readonly release: string;
  readonly previousRelease: string;
  /** What went wrong, for people. */
  readonly error?: GitopsError;
  /** Last lines of what the host said while applying. */
  readonly log?: string;
}

/** What was recorded and what runs, read at one time. */
export interface Seen {
  readonly recorded: Recorded;
  readonly live: Live;
}

/** The result of a run that ended with an error before anything was changed. */
export function deployFailed(error: unknown, release: string): DeployResult {
  return { outcome: outcomeBeforeChange(error), release, previousRelease: release, error: asGitopsError(error) };
}

function asGitopsError(error: unknown): GitopsError {
  if (error instanceof GitopsError) return error;
  const seen = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return new GitopsError('internal', {
    attempted: 'finish the run',
    seen,
    remedy: 'this is a fault of gitops-coordinator; please report it with the lines above',
    cause: error,
  });
}
