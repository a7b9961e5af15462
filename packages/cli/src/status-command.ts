import { examine, hasEnded, NO_BASELINE, Redactor, verdictOf } from '@gitops/core';
import { readStatus, type StatusReport } from '@gitops/operations';
import { exitCodeOfReading } from './exit-code.ts';
import { type IdentityOptions, readIdentity } from './identity.ts';
import { printed } from './printed.ts';
import { type Screen, TerminalReporter } from './terminal-reporter.ts';

export interface ReadOptions extends IdentityOptions {
  readonly directory: string;
  readonly json?: boolean;
}

/** `gitops status`: for each target what is recorded, who holds the lease, what runs. */
export async function statusCommand(environment: string, options: ReadOptions, screen: Screen): Promise<number> {
  const redactor = new Redactor();
  const reports = await read(environment, options, screen, redactor);
  const targets = reports.map((report) => (report.error ? errorFacts(report) : statusFacts(report)));
  const text = targets.map((facts) => statusText(environment, facts, targets.length > 1)).join('');
  show(
    options.json ? redactor.json({ environment, targets }) : printed(redactor.redact(text)),
    reports,
    options,
    screen,
  );
  return exitCodeOfReading(reports.flatMap(({ error }) => error ?? []));
}

/** Of a lone target that could not be read there is nothing to show, only the error. */
function show(text: string, reports: readonly StatusReport[], { json }: ReadOptions, screen: Screen): void {
  const isError = !json && reports.length === 1 && reports[0]?.error !== undefined;
  (isError ? process.stderr : screen).write(text);
}

type Unread = Extract<StatusReport, { readonly error: Error }>;
type TargetStatus = Exclude<StatusReport, Unread>;

function errorFacts({ scope: { target }, error }: Unread) {
  return { target: target.name, host: target.host, error: error.message };
}

type ErrorFacts = ReturnType<typeof errorFacts>;
type StatusFacts = ReturnType<typeof statusFacts>;

const DIRTY = ' with changes that are in no commit';

function statusFacts({ scope, recorded, live }: TargetStatus) {
  const verdict = recorded.release && verdictOf(examine(recorded.release.desired, live, NO_BASELINE), true);
  return {
    target: scope.target.name,
    host: scope.target.host,
    release: recorded.release?.name ?? '',
    commit: recorded.commit ?? '',
    dirty: recorded.release?.dirty === true && recorded.release.commit === recorded.commit,
    lease: recorded.lease,
    transaction: recorded.transaction,
    holds: recorded.holds,
    verdict: verdict?.verdict ?? 'unknown',
    services: verdict?.evidence ?? [],
  };
}

function statusText(environment: string, facts: StatusFacts | ErrorFacts, isOneOfMany: boolean): string {
  const subject = `${environment} on ${nameOf(facts, isOneOfMany)}`;
  if ('error' in facts) return `${isOneOfMany ? `${subject}: could not be read\n` : ''}${facts.error}\n`;
  const { release, commit, dirty, lease } = facts;
  const state = release === '' ? 'never deployed' : `release ${release}, commit ${commit}${dirty ? DIRTY : ''}`;
  const lines = [
    `${subject}: ${state}, ${facts.verdict}`,
    lease ? `lease ${lease.fence}: ${lease.holder} (${lease.reason}) since ${lease.since}` : 'lease: free',
    `last transaction: ${transactionText(environment, facts)}`,
    ...facts.holds.map(({ commit: each, since, why }) => `held: commit ${each.slice(0, 7)} since ${since}, ${why}`),
    ...facts.services.map(({ subject, verdict, seen }) => `  ${subject}: ${verdict}, ${seen}`),
  ];
  return `${lines.join('\n')}\n`;
}

/** What a transaction waits for that nobody works on is said with it. */
function transactionText(environment: string, { transaction, lease }: StatusFacts): string {
  if (!transaction) return 'none';
  const said = `${transaction.id}, ${transaction.state} ${transaction.detail}`.trimEnd();
  const isLeft = transaction.state === 'revert-failed' || (!lease && !hasEnded(transaction));
  return isLeft ? `${said} → \`gitops recover ${environment}\` takes it back` : said;
}

/** Plans and the audit trail speak of targets; hosts alone do not tell two targets on one machine apart. */
function nameOf({ target, host }: { readonly target: string; readonly host: string }, isOneOfMany: boolean): string {
  return isOneOfMany ? `${target} (${host})` : host;
}

/** `gitops history`: the releases that are kept on each target, newest first. */
export async function historyCommand(environment: string, options: ReadOptions, screen: Screen): Promise<number> {
  const redactor = new Redactor();
  const reports = await read(environment, options, screen, redactor);
  const targets = reports.map((report) => (report.error ? errorFacts(report) : historyFacts(report)));
  const text = targets.map((facts) => historyText(facts, targets.length > 1)).join('');
  show(
    options.json ? redactor.json({ environment, targets }) : printed(redactor.redact(text)),
    reports,
    options,
    screen,
  );
  return exitCodeOfReading(reports.flatMap(({ error }) => error ?? []));
}

function historyFacts({ scope, transactions, ...report }: TargetStatus) {
  return { target: scope.target.name, host: scope.target.host, releases: releaseRows(report), transactions };
}

function releaseRows({ releases, recorded }: Pick<TargetStatus, 'releases' | 'recorded'>) {
  return [...releases].reverse().map(({ name, commit, dirty = false, createdAt, actor, verdict }) => ({
    release: name,
    current: name === recorded.release?.name,
    commit,
    dirty,
    createdAt,
    actor,
    verdict,
  }));
}

function historyText(facts: ReturnType<typeof historyFacts> | ErrorFacts, isOneOfMany: boolean): string {
  const head = isOneOfMany ? `${nameOf(facts, true)}:\n` : '';
  if ('error' in facts) return `${head}${facts.error}\n`;
  const rows = facts.releases.map(
    (row) =>
      `${row.current ? '*' : ' '} ${row.release}  ${row.createdAt}  ${row.verdict}  ${row.actor}${row.dirty ? `,${DIRTY}` : ''}\n`,
  );
  return head + (rows.length === 0 ? 'never deployed\n' : rows.join(''));
}

async function read(
  environment: string,
  options: ReadOptions,
  screen: Screen,
  redactor: Redactor,
): Promise<readonly StatusReport[]> {
  const reporter = new TerminalReporter(options.json ? { write: () => true } : screen, redactor);
  return readStatus(
    options.directory,
    environment,
    await readIdentity(options),
    reporter,
    AbortSignal.timeout(120_000),
  );
}
