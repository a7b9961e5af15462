import type { DeployResult } from '../deploy-result.ts';
import { ConfigurationError, type GitopsError, RefusedError } from '../errors.ts';
import type { BaseDifference } from '../model.ts';
import { effective } from '../plan.ts';
import type { EnvironmentPlan, PlanOutcome } from './plan-report.ts';

/** What the errors of a plan say of the files, and of the host. */
const CODES = {
  /** No host would make these better. */
  invalid: [
    ...['file-missing', 'file-name', 'final-refused', 'path-outside', 'path-unsupported', 'render'],
    ...['source-missing', 'tar-path', 'variable-unset'],
  ],
  /** By these a host says that a deployment would not get anywhere. */
  failed: [
    ...['compose-missing', 'compose-too-old', 'disk-full', 'host-conflict', 'image-missing'],
    ...['image-not-pulled', 'not-staged', 'state-unwritable'],
  ],
} as const satisfies Partial<Record<PlanOutcome, readonly string[]>>;

/** What a run with `mode: plan` came to, for a report. */
export function environmentPlan(
  { environment, host, result }: PlannedRun,
  againstBase?: readonly BaseDifference[],
): EnvironmentPlan {
  const { plan, error } = result;
  return {
    environment,
    host,
    outcome: planOutcome(result),
    ...(plan && { plan }),
    ...(error && { error: { code: error.code, seen: error.seen, remedy: error.remedy } }),
    ...(againstBase && { againstBase }),
  };
}

export interface PlannedRun {
  readonly environment: string;
  /** The hosts, separated by commas. */
  readonly host: string;
  readonly result: DeployResult;
}

/** What an error of a plan means. `unknown`: it does not say what a deployment would do, as the host was not read to the end. */
export function planOutcomeOf(error: GitopsError): Exclude<PlanOutcome, 'planned' | 'unchanged'> {
  if (error instanceof RefusedError) return 'refused';
  if (error instanceof ConfigurationError || error.code.startsWith('sops-')) return 'invalid';
  const isAmong = (codes: readonly string[]) => codes.includes(error.code);
  if (isAmong(CODES.invalid)) return 'invalid';
  return isAmong(CODES.failed) ? 'failed' : 'unknown';
}

function planOutcome({ outcome, plan, error }: DeployResult): PlanOutcome {
  if (outcome === 'planned' && plan) return effective(plan.changes).length === 0 ? 'unchanged' : 'planned';
  if (outcome === 'unchanged' || outcome === 'refused') return outcome;
  return error ? planOutcomeOf(error) : 'unknown';
}
