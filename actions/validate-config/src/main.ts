import {
  countOf,
  messageOf,
  notValidatedFile,
  notValidatedSummary,
  Redactor,
  sarif,
  validationLine,
  validationSummary,
} from '@gitops/core';
import {
  ActionsReporter,
  failStep,
  pullRequest,
  readValidateInputs,
  runActor,
  setOutputs,
  VALIDATE_OUTPUTS,
  type ValidateInputs,
  withoutCommands,
  writeResultFile,
  writeSummary,
} from '@gitops/github';
import { ALL_RULES, cancelSignal, type ValidationReport, validate, validationFile } from '@gitops/operations';
import { type Telling, tellPlans, tellUnplanned } from './tell-plans.ts';

/** Wires the validate-config action: inputs in, one use case, annotations, summary, comment and outputs out. */
export async function main(): Promise<void> {
  setOutputs(VALIDATE_OUTPUTS);
  const redactor = new Redactor();
  const reporter = new ActionsReporter(redactor);
  try {
    const inputs = readValidateInputs();
    reporter.mask([...inputs.keys.flatMap(({ text, passphrase }) => [text, passphrase]), ...inputs.ageKeys]);
    reporter.mask([inputs.token]);
    await validated({ inputs, reporter, signal: cancelSignal() }, redactor);
  } catch (error) {
    await fail(error, redactor);
  }
}

async function validated(telling: Telling, redactor: Redactor): Promise<void> {
  const { inputs, reporter } = telling;
  try {
    const report = await run(telling);
    reporter.findings(report.findings, report.folder);
    await publish(report, redactor);
    if (inputs.targetChecks) await tellPlans(report, telling);
    conclude(report, inputs, redactor);
  } catch (error) {
    if (inputs.targetChecks) await tellUnplanned(error, telling);
    throw error;
  }
}

async function fail(error: unknown, redactor: Redactor): Promise<void> {
  const result = await writeResultFile('validate', redactor.json(notValidatedFile(error)));
  setOutputs({ ...VALIDATE_OUTPUTS, result });
  await writeSummary(redactor.redact(notValidatedSummary(error)));
  failStep(redactor.redact(messageOf(error)));
}

async function run({ inputs, reporter, signal }: Telling): Promise<ValidationReport> {
  const base = inputs.base || ((await pullRequest())?.baseSha ?? '');
  const targets = { ...inputs, actor: runActor(), signal };
  return validate({ ...inputs, base, reporter, today: new Date() }, inputs.targetChecks ? targets : undefined);
}

async function publish(report: ValidationReport, redactor: Redactor): Promise<void> {
  const file = validationFile(report);
  const result = await writeResultFile('validate', redactor.json(file));
  const log = await writeResultFile('validate', redactor.json(sarif(report.findings, ALL_RULES)), 'findings.sarif');
  setOutputs({
    errors: String(file.errors),
    warnings: String(file.warnings),
    changes: String(file.changes),
    result,
    sarif: log,
  });
  const environments = report.environments.map(({ name }) => name);
  await writeSummary(redactor.redact(validationSummary({ ...report, environments })));
}

function conclude({ findings }: ValidationReport, { failOn }: ValidateInputs, redactor: Redactor): void {
  const counting = countOf(findings, 'error') + (failOn === 'warning' ? countOf(findings, 'warning') : 0);
  const text = redactor.redact(validationLine(findings));
  if (counting > 0) failStep(text);
  else process.stdout.write(`${withoutCommands(text)}\n`);
}
