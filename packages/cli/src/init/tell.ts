import { resolve } from 'node:path';
import { outcomeLine } from '@gitops/core';
import { type DeployReport, type InitAnswers, OWNER_PLACEHOLDER } from '@gitops/operations';
import type { TerminalReporter } from '../terminal-reporter.ts';
import { gitopsWords, seenFrom, shellLine } from './commands.ts';
import type { Prepared } from './init-command.ts';
import type { Written } from './init-result.ts';
import type { InitOptions } from './options.ts';

/** Names the files, written and left. */
export function tellWritten({ directory }: InitAnswers, written: Written, reporter: TerminalReporter): void {
  const lines = [
    `${written.madeRepository ? 'A new git repository' : 'Files'} in ${directory}:`,
    ...written.fresh.map(({ path, secret }) => `  wrote    ${path}${secret ? ' (secret, not for git)' : ''}`),
    ...written.same.map(({ path }) => `  is there ${path}`),
    ...written.kept.map(({ path }) => `  left     ${path}, which is there already with other content`),
  ];
  reporter.say('info', lines.join('\n'));
  const said = written.committed ? 'They are committed.' : 'They are not committed yet.';
  reporter.say('info', said);
}

/** What is left to know, how the plan went, and what to run next. */
export function tellEnd(
  options: InitOptions,
  prepared: Prepared,
  written: Written,
  report: DeployReport | undefined,
  reporter: TerminalReporter,
): void {
  for (const note of notes(prepared, written)) reporter.say('notice', note);
  tellPlan(report, written, reporter);
  const next = nextCommands(options, prepared, written, report);
  reporter.say('info', ['Next:', ...next.map((command) => `  ${command}`)].join('\n'));
}

function notes({ answers, draft, checked }: Prepared, { kept }: Written): string[] {
  const others = (checked?.projects ?? []).filter((project) => project !== answers.project);
  const isNew = answers.compose !== '' && checked !== undefined && !checked.projects.includes(answers.project);
  return [
    ...draft.left.map(({ path, why }) => `Not copied: ${path} (${why})`),
    ...draft.secrets.map(
      ({ path, secretName }) =>
        `${path} holds secrets and stays out of git; the workflow takes it from the secret ${secretName}.`,
    ),
    ...draft.empty.map((path) => `${path} is empty and stays out of git; the workflow makes an empty one.`),
    ...(isNew && others.length > 0
      ? [`The host runs ${others.join(', ')}. If one of them is this project, name the stack so (--project).`]
      : []),
    ...(draft.action.startsWith(`${OWNER_PLACEHOLDER}/`)
      ? [
          `Replace ${OWNER_PLACEHOLDER} in .github/workflows/deploy.yml and in the $schema lines by the account that holds gitops-coordinator.`,
        ]
      : []),
    ...(kept.some(({ path }) => path.startsWith('.github/'))
      ? ['The workflow that is there must deploy this environment too.']
      : []),
  ];
}

function tellPlan(report: DeployReport | undefined, { hasCommit }: Written, reporter: TerminalReporter): void {
  if (!report) {
    if (!hasCommit) reporter.say('notice', 'A plan needs a commit: commit the files first.');
    return;
  }
  const { outcome, error } = report.result;
  if (error) reporter.say(isRefused(report) ? 'notice' : 'error', error.message);
  if (isRefused(report))
    reporter.say('notice', 'To take over what runs, with its data, deploy with --adopt; until then it stays as it is.');
  reporter.say('notice', outcomeLine(outcome));
}

/** To be pasted in order, from the folder where `init` was run. */
function nextCommands(
  { directory, identity }: InitOptions,
  { answers, draft }: Prepared,
  { committed, forGit, madeRepository }: Written,
  report: DeployReport | undefined,
): string[] {
  const key = identity === undefined ? undefined : seenFrom(directory, identity);
  const login = [...(key === undefined ? [] : ['-i', key]), ...(isRefused(report) ? ['--adopt'] : [])];
  const commit = ['git', 'commit', '-m', `Describe the environment ${answers.environment}`];
  return [
    ...(resolve(directory) === process.cwd() ? [] : [shellLine(['cd', directory])]),
    ...(committed ? [] : [`${shellLine(['git', 'add', ...forGit])} && ${shellLine(commit)}`]),
    shellLine([...gitopsWords(directory), 'deploy', answers.environment, ...login]),
    ...(madeRepository ? [shellLine(['gh', 'repo', 'create', answers.name, '--private', '--source', '.'])] : []),
    `gh secret set DEPLOY_KEY < ${shellLine([key ?? 'deploy-key'])}`,
    ...draft.secrets.map(({ path, secretName }) => `gh secret set ${secretName} < ${shellLine([path])}`),
    shellLine(['git', 'push', '-u', 'origin', answers.branch]),
  ];
}

/** A project of that name runs already, and nobody said that it may be taken over. */
function isRefused(report: DeployReport | undefined): boolean {
  return report?.result.error?.code === 'not-adopted';
}
