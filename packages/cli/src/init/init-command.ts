import { describePlan, messageOf, Redactor } from '@gitops/core';
import {
  type CheckedHost,
  cancelSignal,
  checkTarget,
  commitFiles,
  type DeployReport,
  deployEnvironment,
  draftRepository,
  type GitState,
  type InitAnswers,
  type Placement,
  placeDraft,
  type RepositoryDraft,
  readGitState,
  startRepository,
  writeDraft,
} from '@gitops/operations';
import { EXIT_DONE, exitCodeOf } from '../exit-code.ts';
import { readIdentity } from '../identity.ts';
import { person } from '../person.ts';
import { readSopsKeys } from '../sops-keys.ts';
import { type Screen, SILENT, TerminalReporter } from '../terminal-reporter.ts';
import { repeatCommand } from './commands.ts';
import { type Gathered, gatherAnswers } from './gather-answers.ts';
import { refuseUnfit, tellChecks } from './host-checks.ts';
import { initResult, type Written } from './init-result.ts';
import { Interview } from './interview.ts';
import type { InitOptions } from './options.ts';
import { pinHostKey } from './pin-host-key.ts';
import { tellEnd, tellWritten } from './tell.ts';
import { openTerminalPrompt } from './terminal-prompt.ts';

/** `gitops init`: asks, pins the host key, looks at the host, writes a repository, and ends with a plan. */
export async function initCommand(options: InitOptions, screen: Screen): Promise<number> {
  const asks = !options.json && screen.isTTY === true && process.stdin.isTTY;
  using terminal = asks ? openTerminalPrompt() : undefined;
  const interview = new Interview(terminal?.prompt, options.yes ?? false);
  const reporter = new TerminalReporter(options.json ? SILENT : screen, new Redactor());
  const signal = cancelSignal();
  const git = await readGitState(options.directory);
  const gathered = await gatherAnswers(options, interview, git);
  const prepared = await prepare(options, gathered, interview, reporter, signal);
  const written = await write(options, prepared, git, interview, reporter);
  tellWritten(prepared.answers, written, reporter);
  const report = await plan(options, written, prepared, reporter, signal);
  if (options.json) screen.write(`${JSON.stringify(initResult(prepared, written, report), undefined, 2)}\n`);
  else tellEnd(options, prepared, written, report, reporter);
  return exitCode(report);
}

/** All that is known before the first file is written. */
export interface Prepared {
  readonly answers: InitAnswers;
  readonly checked: CheckedHost | undefined;
  readonly draft: RepositoryDraft;
  readonly placement: Placement;
}

/** Whatever fails here has written nothing; the answers are not lost, as the command to repeat holds them. */
async function prepare(
  options: InitOptions,
  { answers, source }: Gathered,
  interview: Interview,
  reporter: TerminalReporter,
  signal: AbortSignal,
): Promise<Prepared> {
  try {
    const knownHosts = await pinHostKey(options, answers, interview, signal);
    const draft = await draftRepository(answers, source, knownHosts);
    const placement = await placeDraft(answers.directory, draft.files);
    const checked = options.offline ? undefined : await check(options, answers, knownHosts, reporter, signal);
    return { answers, checked, draft, placement };
  } catch (error) {
    reporter.say('notice', `Nothing was written. To go on from here:\n  ${repeatCommand(answers, options)}`);
    throw error;
  }
}

async function check(
  options: InitOptions,
  answers: InitAnswers,
  knownHosts: readonly string[],
  reporter: TerminalReporter,
  signal: AbortSignal,
): Promise<CheckedHost> {
  const credentials = await readIdentity({ ...(options.identity && { identity: options.identity }) });
  const checked = await checkTarget(answers, { ...credentials, knownHosts: `${knownHosts.join('\n')}\n` }, signal);
  tellChecks(answers, checked, reporter);
  refuseUnfit(answers, checked);
  return checked;
}

async function write(
  options: InitOptions,
  { answers, placement }: Prepared,
  git: GitState,
  interview: Interview,
  reporter: TerminalReporter,
): Promise<Written> {
  if (git.kind === 'none') await startRepository(answers.directory);
  await writeDraft(answers.directory, placement.fresh);
  const files = [...placement.fresh, ...placement.same];
  const forGit = files.filter(({ secret }) => !secret).map(({ path }) => path);
  const committed = (await wantsCommit(options, git, interview)) && (await commit(answers, forGit, reporter));
  return {
    ...placement,
    forGit,
    madeRepository: git.kind === 'none',
    committed,
    hasCommit: committed || git.kind === 'has-commits',
  };
}

/** A plan needs a commit, so the first one is made unless somebody says no; later ones are the person's own. */
async function wantsCommit({ commit: said }: InitOptions, { kind }: GitState, interview: Interview): Promise<boolean> {
  const usual = kind !== 'has-commits';
  return said ?? (await interview.confirm('Commit these files now?', usual)) ?? usual;
}

/** Without a name and an address git makes no commit: the files are there all the same. */
async function commit(answers: InitAnswers, paths: readonly string[], reporter: TerminalReporter): Promise<boolean> {
  try {
    await commitFiles(answers.directory, paths, `Describe the environment ${answers.environment}`);
    return true;
  } catch (error) {
    reporter.say('warning', `The files are written, but not committed: ${whyNotCommitted(messageOf(error))}`);
    return false;
  }
}

function whyNotCommitted(message: string): string {
  if (!/Please tell me who you are|empty ident name/.test(message)) return message;
  const tell = ["git config --global user.name 'Your Name'", 'git config --global user.email you@example.com'];
  return ['git does not know who you are. Tell it first:', ...tell.map((command) => `  ${command}`)].join('\n');
}

/** What `gitops plan` says; `undefined` where there is no commit to plan, or nobody to ask. */
async function plan(
  options: InitOptions,
  { hasCommit }: Written,
  { answers }: Prepared,
  reporter: TerminalReporter,
  signal: AbortSignal,
): Promise<DeployReport | undefined> {
  if (options.offline || !hasCommit) return undefined;
  const credentials = await readIdentity({ ...(options.identity && { identity: options.identity }) });
  return deployEnvironment({
    ...credentials,
    sopsKeys: await readSopsKeys(),
    mode: 'plan',
    environment: answers.environment,
    reporter,
    workingDirectory: answers.directory,
    planHash: '',
    adopt: false,
    lockWaitMs: 0,
    onFailure: 'rollback',
    trigger: 'asked',
    onBegin: () => {},
    actor: person(),
    signal,
    showPlan: (it) => reporter.say('info', describePlan(it)),
  });
}

/** The repository is written; a project that runs already is for the person to take over, and no failure. */
function exitCode(report: DeployReport | undefined): number {
  if (report === undefined || report.result.error?.code === 'not-adopted') return EXIT_DONE;
  return exitCodeOf(report.result.outcome, report.result.error?.code);
}
