import type { DeployResult } from '../deploy-result.ts';
import { ConfigurationError } from '../errors.ts';
import type { BaseDifference } from '../model.ts';
import { effective } from '../plan.ts';
import type { EnvironmentPlan, PlanOutcome } from './plan-report.ts';

/** Errors that no host would make better. */
const INVALID: ReadonlySet<string> = new Set([
  'file-missing',
  'file-name',
  'final-refused',
  'path-outside',
  'path-unsupported',
  'render',
  'source-missing',
  'variable-unset',
]);

/** Errors by which a host says that a deployment would not get anywhere. */
const FAILED: ReadonlySet<string> = new Set([
  'compose-missing',
  'compose-too-old',
  'disk-full',
  'host-conflict',
  'image-missing',
  'not-staged',
  'state-unwritable',
]);

/** What a run with `mode: plan` came to, for a report. Whatever else kept it from its end, the host was not read to the end. */
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

function planOutcome({ outcome, plan, error }: DeployResult): PlanOutcome {
  if (outcome === 'planned' && plan) return effective(plan.changes).length === 0 ? 'unchanged' : 'planned';
  if (outcome === 'unchanged' || outcome === 'refused') return outcome;
  const code = error?.code ?? '';
  if (error instanceof ConfigurationError || INVALID.has(code) || code.startsWith('sops-')) return 'invalid';
  return FAILED.has(code) ? 'failed' : 'unknown';
}
