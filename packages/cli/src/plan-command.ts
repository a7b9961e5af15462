import { type DeployResultFile, deployResultFile, effective, GitopsError, Redactor, type Reporter } from '@gitops/core';
import { type DeployReport, deployEnvironment, environmentsIn } from '@gitops/operations';
import { askedWith, exitCodeOfReport, plannedExtent, tell } from './deploy-command.ts';
import { EXIT_DONE, EXIT_FAILED, EXIT_REFUSED, EXIT_UNKNOWN, EXIT_USAGE } from './exit-code.ts';
import type { ReadOptions } from './status-command.ts';
import { type Screen, SILENT, TerminalReporter } from './terminal-reporter.ts';

export interface PlanOptions extends ReadOptions {
  readonly adopt?: boolean;
}

/** `gitops plan`: of one environment, or of all, one after the other. */
export async function planCommand(
  environment: string | undefined,
  options: PlanOptions,
  screen: Screen,
): Promise<number> {
  const redactor = new Redactor();
  const reporter = new TerminalReporter(options.json ? SILENT : screen, redactor);
  const names = environment === undefined ? await allIn(options.directory) : [environment];
  const asked = await askedWith({ ...options, lockWait: '0s' }, screen, reporter);
  const reports: DeployReport[] = [];
  for (const name of names) {
    const plan = () => deployEnvironment({ ...asked, mode: 'plan', environment: name });
    const report = environment === undefined ? await reporter.group(`Environment ${name}`, plan) : await plan();
    if (!options.json) tell(report, reporter);
    if (environment === undefined) reporter.say('info', '');
    reports.push(report);
  }
  if (options.json) screen.write(redactor.json(asJson(environment, reports)));
  else if (environment === undefined) tellTotal(reports, reporter);
  return worst(reports.map(exitCodeOfReport));
}

async function allIn(directory: string): Promise<readonly string[]> {
  const names = await environmentsIn(directory);
  if (names.length > 0) return names;
  throw new GitopsError('input', {
    attempted: 'plan every environment',
    seen: `there is no environments/<name>/environment.yml in ${directory}`,
    remedy: 'use `--directory` with the folder that holds gitops.yml, or make a repository with `gitops init`',
  });
}

/** What the plans of all environments come to, and which of them do not get that far. */
export function tellTotal(reports: readonly Pick<DeployReport, 'environment' | 'result'>[], reporter: Reporter): void {
  const count = reports.flatMap(({ result }) => effective(result.plan?.changes ?? [])).length;
  const unplanned = reports.filter(({ result }) => result.outcome !== 'planned' && result.outcome !== 'unchanged');
  const names = unplanned.map(({ environment }) => environment).join(', ');
  const total = `All environments (${reports.length}): ${plannedExtent(count)}`;
  if (names === '') reporter.say('notice', total);
  else reporter.say('error', `${total}; look at ${names}`);
}

/** Of one environment its result, as `deploy` prints it; of all a list. */
function asJson(
  environment: string | undefined,
  reports: readonly DeployReport[],
): DeployResultFile | { readonly results: readonly DeployResultFile[] } | undefined {
  const results = reports.map((report) => deployResultFile(report, report.result, report.timings));
  return environment === undefined ? { results } : results[0];
}

const GRAVEST_FIRST = [EXIT_REFUSED, EXIT_FAILED, EXIT_UNKNOWN, EXIT_USAGE];

/** The gravest of several exit codes. */
function worst(codes: readonly number[]): number {
  return GRAVEST_FIRST.find((code) => codes.includes(code)) ?? EXIT_DONE;
}
