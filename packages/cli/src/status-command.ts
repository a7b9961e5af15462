import { examine, NO_BASELINE, Redactor, verdictOf } from '@gitops/core';
import { readStatus, type StatusReport } from '@gitops/operations';
import { EXIT_DONE } from './exit-code.ts';
import { type IdentityOptions, readIdentity } from './identity.ts';
import { type Screen, TerminalReporter } from './terminal-reporter.ts';

export interface ReadOptions extends IdentityOptions {
  readonly directory: string;
  readonly json?: boolean;
}

/** `gitops status`: for each target what is recorded, who holds the lease, what runs. */
export async function statusCommand(environment: string, options: ReadOptions, screen: Screen): Promise<number> {
  const redactor = new Redactor();
  const facts = (await read(environment, options, screen, redactor)).map(statusFacts);
  screen.write(
    options.json
      ? redactor.json({ environment, targets: facts })
      : redactor.redact(facts.map((each) => statusText(environment, each, facts.length > 1)).join('')),
  );
  return EXIT_DONE;
}

type StatusFacts = ReturnType<typeof statusFacts>;

function statusFacts({ scope, recorded, live }: StatusReport) {
  const verdict = recorded.release && verdictOf(examine(recorded.release.desired, live, NO_BASELINE), true);
  return {
    target: scope.target.name,
    host: scope.target.host,
    release: recorded.release?.name ?? '',
    commit: recorded.commit ?? '',
    lease: recorded.lease,
    transaction: recorded.transaction,
    verdict: verdict?.verdict ?? 'unknown',
    services: verdict?.evidence ?? [],
  };
}

function statusText(environment: string, facts: StatusFacts, isOneOfMany: boolean): string {
  const { release, commit, lease, transaction } = facts;
  const state = release === '' ? 'never deployed' : `release ${release}, commit ${commit}`;
  const lines = [
    `${environment} on ${nameOf(facts, isOneOfMany)}: ${state}, ${facts.verdict}`,
    lease ? `lease ${lease.fence}: ${lease.holder} (${lease.reason}) since ${lease.since}` : 'lease: free',
    transaction
      ? `last transaction: ${transaction.id}, ${transaction.state} ${transaction.detail}`.trimEnd()
      : 'last transaction: none',
    ...facts.services.map(({ subject, verdict, seen }) => `  ${subject}: ${verdict}, ${seen}`),
  ];
  return `${lines.join('\n')}\n`;
}

/** Plans and the audit trail speak of targets; hosts alone do not tell two targets on one machine apart. */
function nameOf({ target, host }: { readonly target: string; readonly host: string }, isOneOfMany: boolean): string {
  return isOneOfMany ? `${target} (${host})` : host;
}

/** `gitops history`: the releases that are kept on each target, newest first. */
export async function historyCommand(environment: string, options: ReadOptions, screen: Screen): Promise<number> {
  const reports = await read(environment, options, screen);
  const targets = reports.map(({ scope, transactions, ...report }) => ({
    target: scope.target.name,
    host: scope.target.host,
    releases: releaseRows(report),
    transactions,
  }));
  screen.write(
    options.json ? `${JSON.stringify({ environment, targets }, undefined, 2)}\n` : targets.map(historyText).join(''),
  );
  return EXIT_DONE;
}

function releaseRows({ releases, recorded }: Pick<StatusReport, 'releases' | 'recorded'>) {
  return [...releases].reverse().map(({ name, commit, createdAt, actor, verdict }) => ({
    release: name,
    current: name === recorded.release?.name,
    commit,
    createdAt,
    actor,
    verdict,
  }));
}

interface History {
  readonly target: string;
  readonly host: string;
  readonly releases: ReturnType<typeof releaseRows>;
}

function historyText({ releases, ...names }: History, _index: number, all: readonly unknown[]): string {
  const rows = releases.map(
    (row) => `${row.current ? '*' : ' '} ${row.release}  ${row.createdAt}  ${row.verdict}  ${row.actor}\n`,
  );
  const head = all.length > 1 ? `${nameOf(names, true)}:\n` : '';
  return head + (rows.length === 0 ? 'never deployed\n' : rows.join(''));
}

async function read(
  environment: string,
  options: ReadOptions,
  screen: Screen,
  redactor = new Redactor(),
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
