import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  countOf,
  type DeployResult,
  type Environment,
  effective,
  judgeFindings,
  ValidationResultFile,
} from '@gitops/core';
import { BASELINE_FILE, writeBaseline } from '@gitops/secrets';
import pMap from 'p-map';
import * as v from 'valibot';
import type { Credentials } from '../open-session.ts';
import { ALL_RULES } from './all-rules.ts';
import type { CheckedEnvironment } from './check-environment.ts';
import { checkTargets, type TargetChecks } from './check-targets.ts';
import { type ValidateRequest, type Validation, validateRepository } from './validate-repository.ts';

/** How to ask the hosts, where they are to be asked. */
export interface TargetsRequest extends Credentials {
  readonly actor: string;
  readonly signal: AbortSignal;
}

export interface ValidationReport extends Validation {
  /** What a deployment of each environment would do; none if the hosts were not asked. */
  readonly plans: readonly PlannedEnvironment[];
}

/** What a deployment of an environment would do, as far as it is known. */
export interface PlannedEnvironment {
  readonly environment: Environment;
  readonly result: DeployResult;
}

/** Environments are asked side by side, each over connections of its own. */
const SIDE_BY_SIDE = 4;

/** Says what is wrong with the checked-out commit, and, with `targets`, what merging it would do to the hosts. */
export async function validate(request: ValidateRequest, targets?: TargetsRequest): Promise<ValidationReport> {
  const offline = await validateRepository(request);
  if (!targets) return { ...offline, plans: [] };
  const checked = await pMap(
    offline.environments.filter(isDeployable),
    async (environment) => ({ environment, checks: await ask(environment, offline, request, targets) }),
    { concurrency: SIDE_BY_SIDE },
  );
  const online = checked.flatMap(({ checks }) => checks.findings);
  return {
    ...offline,
    findings: judgeFindings([...offline.findings, ...online], ALL_RULES, offline.levels),
    plans: checked.map(({ environment, checks }) => ({ environment: environment.environment, result: checks.plan })),
  };
}

type WholeEnvironment = CheckedEnvironment & { readonly environment: Environment };

/** Of files that a deployment refuses there is no plan, nor of values that nobody knows. */
function isDeployable(checked: CheckedEnvironment): checked is WholeEnvironment {
  return checked.environment !== undefined && checked.isWhole && countOf(checked.findings, 'error') === 0;
}

/** With a base, the files are those of a pull request; where it is not to be had, nothing in them is trusted. */
function ask(
  { environment, view, stacks }: WholeEnvironment,
  { trusted }: Validation,
  { reporter, base }: ValidateRequest,
  targets: TargetsRequest,
): Promise<TargetChecks> {
  return checkTargets({
    ...{ ...targets, environment, view, stacks, reporter },
    ...(base !== '' && { base: { environment: trusted.get(environment.name) } }),
  });
}

/** The report as data for machines. */
export function validationFile(report: ValidationReport): ValidationResultFile {
  const environments = report.environments.map(({ name }) => {
    const result = report.plans.find(({ environment }) => environment.name === name)?.result;
    return environmentFile(name, result);
  });
  return v.parse(ValidationResultFile, {
    apiVersion: 'gitops/v1',
    kind: 'ValidationResult',
    commit: report.commit,
    errors: countOf(report.findings, 'error'),
    warnings: countOf(report.findings, 'warning'),
    known: report.known,
    changes: environments.reduce((sum, { changes }) => sum + changes, 0),
    findings: report.findings,
    environments,
  });
}

function environmentFile(name: string, result: DeployResult | undefined) {
  const plan = result?.plan?.changes ?? [];
  return {
    name,
    planHash: result?.plan?.hash ?? '',
    changes: effective(plan).length,
    plan,
    ...(result && { outcome: result.outcome }),
    ...(result?.error && { error: result.error.message }),
  };
}

/** Writes down every finding as known, and returns the path of the file. */
export async function updateBaseline(directory: string, { all }: ValidationReport): Promise<string> {
  const path = join(directory, BASELINE_FILE);
  await writeFile(path, writeBaseline(all));
  return path;
}
