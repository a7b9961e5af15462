import { examine, NO_BASELINE, Redactor, verdictOf } from '@gitops/core';
import { readStatus, type StatusReport } from '@gitops/operations';
import { EXIT_DONE } from './exit-code.ts';
import { type IdentityOptions, readIdentity } from './identity.ts';
import { type Screen, TerminalReporter } from './terminal-reporter.ts';

export interface ReadOptions extends IdentityOptions {
  readonly directory: string;
  readonly json: boolean;
}

/** `gitops status`: what is recorded, who holds the lease, what runs. */
export async function statusCommand(environment: string, options: ReadOptions, screen: Screen): Promise<number> {
  const redactor = new Redactor();
  const report = await read(environment, options, screen, redactor);
  const { recorded } = report;
  const verdict =
    recorded.release && verdictOf(examine(recorded.release.desired.services, report.live, NO_BASELINE), true);
  const facts = {
    environment,
    release: recorded.release?.name ?? '',
    commit: recorded.commit ?? '',
    lease: recorded.lease,
    transaction: recorded.transaction,
    verdict: verdict?.verdict ?? 'unknown',
    services: verdict?.evidence ?? [],
  };
  screen.write(options.json ? redactor.json(facts) : redactor.redact(statusText(facts)));
  return EXIT_DONE;
}

interface StatusFacts {
  readonly environment: string;
  readonly release: string;
  readonly commit: string;
  readonly lease: StatusReport['recorded']['lease'];
  readonly transaction: StatusReport['recorded']['transaction'];
  readonly verdict: string;
  readonly services: readonly { readonly subject: string; readonly verdict: string; readonly seen: string }[];
}

function statusText(facts: StatusFacts): string {
  const lines = [
    `${facts.environment}: ${facts.release === '' ? 'never deployed' : `release ${facts.release}, commit ${facts.commit}`}, ${facts.verdict}`,
    facts.lease
      ? `lease ${facts.lease.fence}: ${facts.lease.holder} (${facts.lease.reason}) since ${facts.lease.since}`
      : 'lease: free',
    facts.transaction
      ? `last transaction: ${facts.transaction.id}, ${facts.transaction.state} ${facts.transaction.detail}`.trimEnd()
      : 'last transaction: none',
    ...facts.services.map(({ subject, verdict, seen }) => `  ${subject}: ${verdict}, ${seen}`),
  ];
  return `${lines.join('\n')}\n`;
}

/** `gitops history`: the releases that are kept on the host, newest first. */
export async function historyCommand(environment: string, options: ReadOptions, screen: Screen): Promise<number> {
  const { releases, transactions, recorded } = await read(environment, options, screen);
  const rows = [...releases].reverse().map(({ name, commit, createdAt, actor, verdict }) => ({
    release: name,
    current: name === recorded.release?.name,
    commit,
    createdAt,
    actor,
    verdict,
  }));
  screen.write(
    options.json ? `${JSON.stringify({ releases: rows, transactions }, undefined, 2)}\n` : historyText(rows),
  );
  return EXIT_DONE;
}

function historyText(
  rows: readonly { release: string; current: boolean; createdAt: string; actor: string; verdict: string }[],
): string {
  if (rows.length === 0) return 'never deployed\n';
  return rows
    .map((row) => `${row.current ? '*' : ' '} ${row.release}  ${row.createdAt}  ${row.verdict}  ${row.actor}\n`)
    .join('');
}

async function read(
  environment: string,
  options: ReadOptions,
  screen: Screen,
  redactor = new Redactor(),
): Promise<StatusReport> {
  const reporter = new TerminalReporter(options.json ? { write: () => true } : screen, redactor);
  return readStatus(
    options.directory,
    environment,
    await readIdentity(options),
    reporter,
    AbortSignal.timeout(120_000),
  );
}
