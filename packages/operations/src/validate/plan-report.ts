import { countOf, type EnvironmentPlan, environmentPlan, type Finding, type PlanReport } from '@gitops/core';
import type { CheckedEnvironment } from './check-environment.ts';
import type { ValidationReport } from './validate.ts';

/** What merging would do, environment by environment, for people. */
export function planReport(report: ValidationReport, summaryUrl?: string): PlanReport {
  return {
    environments: report.environments.map((checked) => environmentOf(report, checked)),
    commit: report.commit,
    findings: { errors: countOf(report.findings, 'error'), warnings: countOf(report.findings, 'warning') },
    ...(report.base !== undefined && { base: report.base }),
    ...(summaryUrl !== undefined && { summaryUrl }),
  };
}

function environmentOf(report: ValidationReport, checked: CheckedEnvironment): EnvironmentPlan {
  const againstBase = report.differences.get(checked.name);
  const host = (checked.environment?.targets ?? []).map((target) => target.host).join(', ');
  const planned = report.plans.find(({ environment }) => environment.name === checked.name);
  if (!planned) return { ...unplanned(checked, host), ...(againstBase && { againstBase }) };
  return environmentPlan({ environment: checked.name, host, result: planned.result }, againstBase);
}

/** Of what was not asked about: its files cannot be deployed, or the values of its variables are not known here. */
function unplanned({ name, findings }: CheckedEnvironment, host: string): EnvironmentPlan {
  const fault = findings.find(({ severity }) => severity === 'error');
  if (fault) return { environment: name, outcome: 'invalid', host, error: errorOf(fault) };
  const seen = 'values of its variables are not known here: its file is encrypted, or its `.env` is not there';
  const remedy = 'give the key (`sops-age-key`), or write the `.env` before this step';
  return { environment: name, outcome: 'unknown', host, error: { code: 'variables-unknown', seen, remedy } };
}

function errorOf({ file, line, column, message, remedy, rule }: Finding) {
  const place = [file, line, column].filter((part) => part !== undefined).join(':');
  return { code: rule, seen: `${place}: ${message}`, remedy };
}
