import {
  ConfigurationError,
  deployFailed,
  deployResultFile,
  deploySummary,
  describePlan,
  effective,
  isUnchangedButSick,
  type Outcome,
  outcomeLine,
  Redactor,
} from '@gitops/core';
import {
  ActionsReporter,
  approvalCheckOfJob,
  DEPLOY_OUTPUTS,
  failStep,
  isScheduled,
  noteBegun,
  noteEnded,
  readDeployInputs,
  runActor,
  setOutputs,
  withoutCommands,
  writeResultFile,
  writeSummary,
} from '@gitops/github';
import { CLOCK, cancelSignal, type DeployReport, deployEnvironment } from '@gitops/operations';
import { sopsOnPath } from '@gitops/secrets';

/** A deployment that ends so lets the step pass. `unchanged` also needs a health that is not bad. */
const PASSING: ReadonlySet<Outcome> = new Set(['deployed', 'unchanged', 'planned', 'superseded']);

/** Wires the deploy action: inputs in, one use case, outputs, summary and annotations out. */
export async function main(): Promise<void> {
  setOutputs(DEPLOY_OUTPUTS);
  const redactor = new Redactor();
  const reporter = new ActionsReporter(redactor);
  const report = await run(reporter);
  tellFindings(report, reporter);
  await publish(report, redactor);
  // What ends out of sight is looked after by the post step.
  if (report.result.outcome !== 'unknown') noteEnded();
}

async function run(reporter: ActionsReporter): Promise<DeployReport> {
  try {
    const inputs = readDeployInputs();
    reporter.mask([...inputs.keys.flatMap((key) => [key.text, key.passphrase]), ...inputs.ageKeys, inputs.githubToken]);
    const signal = cancelSignal();
    const approval = approvalCheckOfJob({ token: inputs.githubToken, clock: CLOCK, signal });
    const showPlan = (plan: Parameters<typeof describePlan>[0]) => reporter.say('info', describePlan(plan));
    const trigger = isScheduled() ? 'scheduled' : 'asked';
    const sopsKeys = { identities: inputs.ageKeys, runSops: sopsOnPath(process.env) };
    const asked = {
      ...inputs,
      sopsKeys,
      trigger,
      actor: runActor(),
      ...(approval && { approval }),
    } as const;
    const request = { ...asked, signal, reporter, showPlan, onBegin: noteBegun };
    return await deployEnvironment(request);
  } catch (error) {
    return { result: deployFailed(error), environment: '', commit: '', host: '', timings: new Map() };
  }
}

function tellFindings({ result }: DeployReport, reporter: ActionsReporter): void {
  if (!(result.error instanceof ConfigurationError)) return;
  const { findings, folder } = result.error;
  reporter.findings(
    findings.filter(({ severity }) => severity === 'error'),
    folder,
  );
}

async function publish(report: DeployReport, redactor: Redactor): Promise<void> {
  const { result, timings } = report;
  const file = deployResultFile(report, result, timings);
  const path = await writeResultFile('deploy', redactor.json(file));
  setOutputs({
    outcome: result.outcome,
    verdict: file.verdict,
    release: result.release,
    'previous-release': result.previousRelease,
    changes: String(effective(result.plan?.changes ?? []).length),
    'plan-hash': file.planHash,
    'duration-seconds': String(Math.round(process.uptime())),
    result: path,
  });
  await writeSummary(redactor.redact(deploySummary(report)));
  conclude(report, redactor);
}

function conclude({ result }: DeployReport, redactor: Redactor): void {
  const passes = PASSING.has(result.outcome) && !isUnchangedButSick(result);
  const why = [outcomeLine(result.outcome), result.error?.message ?? '', failing(result.verdict)];
  const text = redactor.redact(why.filter((line) => line !== '').join('\n'));
  if (passes) process.stdout.write(`${withoutCommands(text)}\n`);
  else failStep(text);
}

function failing(verdict: DeployReport['result']['verdict']): string {
  const bad = (verdict?.evidence ?? []).filter((each) => each.verdict === 'unhealthy' || each.verdict === 'unknown');
  return bad.map(({ subject, seen, log }) => [`${subject}: ${seen}`, log].filter(Boolean).join('\n')).join('\n');
}
