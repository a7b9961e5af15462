import { writeFile } from 'node:fs/promises';
import { counted, countOf, type Finding, GitopsError, Redactor, sarif, validationLine } from '@gitops/core';
import { ALL_RULES, updateBaseline, type ValidationReport, validate, validationFile } from '@gitops/operations';
import { type Command, Option } from 'commander';
import { EXIT_DONE, EXIT_USAGE } from './exit-code.ts';
import type { End } from './program.ts';
import { readSopsKeys } from './sops-keys.ts';
import { type Screen, SILENT, TerminalReporter } from './terminal-reporter.ts';

interface ValidateOptions {
  readonly directory: string;
  readonly json?: boolean;
  readonly base?: string;
  readonly failOn: 'error' | 'warning';
  readonly sarif?: string;
  readonly updateBaseline?: boolean;
}

/** Adds `gitops validate`. */
export function addValidate(root: Command, screen: Screen, end: End): void {
  const failOn = new Option('--fail-on <level>', 'which findings make the exit code 2');
  root
    .command('validate [environment]')
    .description('say what is wrong with the files of an environment, or of all, without a host')
    .option('-C, --directory <path>', 'folder that holds gitops.yml', '.')
    .option('--base <commit>', 'also judge what changed since a commit or branch')
    .addOption(failOn.choices(['error', 'warning']).default('error'))
    .option('--sarif <file>', 'also write the findings as SARIF')
    .option('--update-baseline', 'write all warnings and errors down as known: from then on only new ones count')
    .option('--json', 'print the result as JSON')
    .action(async (environment: string | undefined, options: ValidateOptions) => {
      end.code = await validateCommand(environment ?? '', options, screen);
    });
}

/** What is wrong with the files, without a host. */
async function validateCommand(environment: string, options: ValidateOptions, screen: Screen): Promise<number> {
  if (options.updateBaseline && environment !== '') throw partialBaseline(environment);
  const redactor = new Redactor();
  const reporter = new TerminalReporter(options.json ? SILENT : screen, redactor);
  const report = await validate({
    environment,
    workingDirectory: options.directory,
    ageKeys: (await readSopsKeys()).identities,
    base: options.base ?? '',
    today: new Date(),
    reporter,
  });
  if (options.base && report.base === undefined) throw unknownBase(options.base);
  if (options.sarif !== undefined) await writeFile(options.sarif, redactor.json(sarif(report.findings, ALL_RULES)));
  if (options.json) screen.write(redactor.json(validationFile(report)));
  else tell(report, reporter);
  if (options.updateBaseline) return baseline(report, options, reporter);
  return exitCode(report, options);
}

function tell({ findings, folder, known }: ValidationReport, reporter: TerminalReporter): void {
  reporter.findings(findings, folder);
  const level = countOf(findings, 'error') > 0 ? 'error' : 'notice';
  reporter.say(level, `${validationLine(findings)}${known === 0 ? '' : `; ${known} known in the baseline`}`);
}

async function baseline(report: ValidationReport, { directory }: ValidateOptions, reporter: TerminalReporter) {
  const path = await updateBaseline(directory, report);
  const written = countOf(report.all, 'error') + countOf(report.all, 'warning');
  reporter.say(
    'notice',
    `${counted(written, 'warning or error', 'warnings and errors')} written to ${path}; commit it`,
  );
  const staying = countOf(report.findings.filter(isFixed), 'error');
  if (staying > 0) reporter.say('error', staysLine(staying));
  return EXIT_DONE;
}

function isFixed({ rule }: Finding): boolean {
  return ALL_RULES[rule]?.isFixed === true;
}

function staysLine(count: number): string {
  return `${counted(count, 'error stays', 'errors stay')}: a deployment would refuse ${count === 1 ? 'it' : 'them'}`;
}

function partialBaseline(environment: string): GitopsError {
  return new GitopsError('input', {
    attempted: `write a baseline of ${environment}`,
    seen: 'a baseline is of all environments',
    remedy: 'use `--update-baseline` without the name of an environment',
  });
}

function unknownBase(base: string): GitopsError {
  return new GitopsError('input', {
    attempted: 'judge what changed',
    seen: `there is no commit or branch \`${base}\` here`,
    remedy: 'correct `--base`, or fetch it: `git fetch origin`',
  });
}

function exitCode({ findings }: ValidationReport, { failOn }: ValidateOptions): number {
  const counting = countOf(findings, 'error') + (failOn === 'warning' ? countOf(findings, 'warning') : 0);
  return counting > 0 ? EXIT_USAGE : EXIT_DONE;
}
