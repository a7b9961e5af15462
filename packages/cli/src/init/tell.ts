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
  tellPlan(report, prepared, written, reporter);
  tellNext(options, prepared, written, report, reporter);
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

function tellPlan(
  report: DeployReport | undefined,
  prepared: Prepared,
  { hasCommit }: Written,
  reporter: TerminalReporter,
): void {
  if (!report && !hasCommit) reporter.say('notice', 'A plan needs a commit: commit the files first.');
  const error = report?.result.error;
  if (error) reporter.say(isRefused(report) ? 'notice' : 'error', error.message);
  if (needsAdoption(prepared, report))
    reporter.say('notice', 'To take over what runs, with its data, deploy with --adopt; until then it stays as it is.');
  if (report) reporter.say('notice', outcomeLine(report.result.outcome));
}

/** Whoever has cloned a public repository must not push there what is to stay private. */
function tellNext(
  options: InitOptions,
  prepared: Prepared,
  written: Written,
  report: DeployReport | undefined,
  reporter: TerminalReporter,
): void {
  const say = (heading: string, commands: readonly string[]) =>
    reporter.say('info', [heading, ...commands.map((command) => `  ${command}`)].join('\n'));
  const here = commandsHere(options, prepared, written, report);
  const createRemote = shellLine(['gh', 'repo', 'create', prepared.answers.name, '--private', '--source', '.']);
  const onGitHub = commandsOnGitHub(options, prepared);
  if (written.madeRepository) {
    say('Next:', [...here, createRemote, ...onGitHub]);
    return;
  }
  say('Next:', here);
  say('Unless `git remote -v` shows that `origin` is yours, and private:', ['git remote remove origin', createRemote]);
  say('Then:', onGitHub);
}

/** To be pasted in order, from the folder where `init` was run. */
function commandsHere(
  { directory, identity }: InitOptions,
  prepared: Prepared,
  { committed, forGit }: Written,
  report: DeployReport | undefined,
): string[] {
  const { environment } = prepared.answers;
  const key = identity === undefined ? [] : ['-i', seenFrom(directory, identity)];
  const adopt = needsAdoption(prepared, report) ? ['--adopt'] : [];
  const commit = ['git', 'commit', '-m', `Describe the environment ${environment}`];
  return [
    ...(resolve(directory) === process.cwd() ? [] : [shellLine(['cd', directory])]),
    ...(committed ? [] : [`${shellLine(['git', 'add', ...forGit])} && ${shellLine(commit)}`]),
    shellLine([...gitopsWords(directory), 'deploy', environment, ...key, ...adopt]),
  ];
}

function commandsOnGitHub({ directory, identity }: InitOptions, { answers, draft }: Prepared): string[] {
  const key = identity === undefined ? 'deploy-key' : seenFrom(directory, identity);
  return [
    `gh secret set DEPLOY_KEY < ${shellLine([key])}`,
    ...draft.secrets.map(({ path, secretName }) => `gh secret set ${secretName} < ${shellLine([path])}`),
    shellLine(['git', 'push', '-u', 'origin', answers.branch]),
  ];
}

/** By the plan; where there is none, by what the host was seen to run, of which it may be the owner already. */
function needsAdoption({ answers, checked }: Prepared, report: DeployReport | undefined): boolean {
  return report ? isRefused(report) : (checked?.projects.includes(answers.project) ?? false);
}

/** A project of that name runs already, and nobody said that it may be taken over. */
function isRefused(report: DeployReport | undefined): boolean {
  return report?.result.error?.code === 'not-adopted';
}
