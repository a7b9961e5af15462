import {
  counted,
  deployResultFile,
  describePlan,
  effective,
  isUnchangedButSick,
  outcomeLine,
  Redactor,
} from '@gitops/core';
import { cancelSignal, type DeployReport, type DeployRequest, deployEnvironment } from '@gitops/operations';
import { approvalOfClone, gitHubToken } from './approval-of-clone.ts';
import { readDuration } from './duration-option.ts';
import { exitCodeOf } from './exit-code.ts';
import { type IdentityOptions, readIdentity } from './identity.ts';
import { paintOn } from './paint.ts';
import { person } from './person.ts';
import { readSopsKeys } from './sops-keys.ts';
import { type Screen, SILENT, TerminalReporter } from './terminal-reporter.ts';

export interface DeployOptions extends IdentityOptions {
  readonly directory: string;
  readonly json?: boolean;
  readonly lockWait: string;
  readonly planHash?: string;
  readonly adopt?: boolean;
  /** A reason. */
  readonly breakGlass?: string;
  readonly onFailure?: 'rollback' | 'freeze';
}

/** `gitops deploy`. */
export async function deployCommand(environment: string, options: DeployOptions, screen: Screen): Promise<number> {
  const redactor = new Redactor();
  const reporter = new TerminalReporter(options.json ? SILENT : screen, redactor);
  const asked = await askedWith(options, screen, reporter);
  const report = await deployEnvironment({ ...asked, mode: 'apply', environment });
  if (options.json) screen.write(redactor.json(deployResultFile(report, report.result, report.timings)));
  else tell(report, reporter);
  return exitCodeOfReport(report);
}

/** What a run asks with, by its options. */
export async function askedWith(
  options: DeployOptions,
  screen: Screen,
  reporter: TerminalReporter,
): Promise<Omit<DeployRequest, 'mode' | 'environment'>> {
  const credentials = await readIdentity(options);
  const [token, signal] = [gitHubToken(process.env), cancelSignal()];
  reporter.mask([token]);
  const approval = approvalOfClone(options.directory, token, signal);
  const paint = paintOn(screen, process.env);
  return {
    ...credentials,
    sopsKeys: await readSopsKeys(),
    reporter,
    workingDirectory: options.directory,
    planHash: options.planHash ?? '',
    adopt: options.adopt ?? false,
    ...(approval && { approval }),
    breakGlass: options.breakGlass?.trim() ?? '',
    lockWaitMs: readDuration('--lock-wait', options.lockWait),
    onFailure: options.onFailure ?? 'rollback',
    actor: person(),
    signal,
    trigger: 'asked',
    onBegin: () => {},
    showPlan: (plan) => reporter.sayPainted(describePlan(plan, paint)),
  };
}

export function exitCodeOfReport({ result: { outcome, error, verdict } }: DeployReport): number {
  return exitCodeOf(outcome, error?.code, verdict?.verdict);
}

/** What a deployment came to, for people: what is not well, what went wrong, and how it ended. */
export function tell({ result }: Pick<DeployReport, 'result'>, reporter: TerminalReporter): void {
  for (const each of result.verdict?.evidence ?? []) {
    if (each.verdict !== 'healthy')
      reporter.say('warning', [`${each.subject}: ${each.seen}`, each.log].filter(Boolean).join('\n'));
  }
  if (result.error) reporter.say('error', result.error.message);
  reporter.say(isUnchangedButSick(result) ? 'error' : 'notice', ending(result));
  tellHeads(result, reporter);
}

const UNCHANGED_BUT_SICK = '❌ Unchanged, but unhealthy: what runs is what this commit says';

function ending(result: DeployReport['result']): string {
  const { outcome, release, plan } = result;
  const count = effective(plan?.changes ?? []).length;
  if (outcome === 'planned') return `📋 Planned: ${plannedExtent(count)}${release && ` (release ${release})`}`;
  const changes = count === 0 ? '' : `, ${counted(count, 'change')}`;
  const extent = release && ` (release ${release}${changes})`;
  return `${isUnchangedButSick(result) ? UNCHANGED_BUT_SICK : outcomeLine(outcome)}${extent}`;
}

/** What a plan comes to: `2 changes, none made`. */
export function plannedExtent(count: number): string {
  return count === 0 ? 'no changes' : `${counted(count, 'change')}, none made`;
}

function tellHeads({ targets }: DeployReport['result'], reporter: TerminalReporter): void {
  for (const { name, auditHead } of targets) {
    if (auditHead !== '') reporter.say('info', `audit head${targets.length > 1 ? ` of ${name}` : ''}: ${auditHead}`);
  }
}
