import { deployResultFile, describePlan, effective, isUnchangedButSick, outcomeLine, Redactor } from '@gitops/core';
import { cancelSignal, type DeployReport, deployEnvironment } from '@gitops/operations';
import { approvalOfClone, gitHubToken } from './approval-of-clone.ts';
import { readDuration } from './duration-option.ts';
import { exitCodeOf } from './exit-code.ts';
import { type IdentityOptions, readIdentity } from './identity.ts';
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

/** `gitops deploy` and `gitops plan`. */
export async function deployCommand(
  mode: 'apply' | 'plan',
  environment: string,
  options: DeployOptions,
  screen: Screen,
): Promise<number> {
  const redactor = new Redactor();
  const reporter = new TerminalReporter(options.json ? SILENT : screen, redactor);
  const credentials = await readIdentity(options);
  const [token, signal] = [gitHubToken(process.env), cancelSignal()];
  reporter.mask([token]);
  const approval = approvalOfClone(options.directory, token, signal);
  const report = await deployEnvironment({
    ...credentials,
    sopsKeys: await readSopsKeys(),
    mode,
    environment,
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
    showPlan: (plan) => reporter.say('info', describePlan(plan)),
  });
  if (options.json) screen.write(redactor.json(deployResultFile(report, report.result, report.timings)));
  else tell(report, reporter);
  const { outcome, error, verdict } = report.result;
  return exitCodeOf(outcome, error?.code, verdict?.verdict);
}

/** What a deployment came to, for people: what is not well, what went wrong, and how it ended. */
export function tell({ result }: Pick<DeployReport, 'result'>, reporter: TerminalReporter): void {
  for (const each of result.verdict?.evidence ?? []) {
    if (each.verdict !== 'healthy')
      reporter.say('warning', [`${each.subject}: ${each.seen}`, each.log].filter(Boolean).join('\n'));
  }
  if (result.error) reporter.say('error', result.error.message);
  const isSick = isUnchangedButSick(result);
  reporter.say(
    isSick ? 'error' : 'notice',
    `${isSick ? UNCHANGED_BUT_SICK : outcomeLine(result.outcome)}${extent(result)}`,
  );
  tellHeads(result, reporter);
}

const UNCHANGED_BUT_SICK = '❌ Unchanged, but unhealthy: what runs is what this commit says';

function extent({ release, plan }: DeployReport['result']): string {
  const count = effective(plan?.changes ?? []).length;
  const counted = count === 0 ? '' : `, ${count} ${count === 1 ? 'change' : 'changes'}`;
  return release === '' ? '' : ` (release ${release}${counted})`;
}

function tellHeads({ targets }: DeployReport['result'], reporter: TerminalReporter): void {
  for (const { name, auditHead } of targets) {
    if (auditHead !== '') reporter.say('info', `audit head${targets.length > 1 ? ` of ${name}` : ''}: ${auditHead}`);
  }
}
