import { checkChain, describeRecord, GitopsError, parseRecord, Redactor } from '@gitops/core';
import { type AuditReport, readAudit } from '@gitops/operations';
import { EXIT_DONE, EXIT_FAILED, EXIT_UNKNOWN } from './exit-code.ts';
import { readIdentity } from './identity.ts';
import { printed } from './printed.ts';
import type { ReadOptions } from './status-command.ts';
import { type Screen, TerminalReporter } from './terminal-reporter.ts';

const READ_MS = 300_000;

export interface AuditShowOptions extends ReadOptions {
  readonly limit: string;
}

/** `gitops audit show`: the newest records of each target, newest last. */
export async function auditShowCommand(
  environment: string,
  options: AuditShowOptions,
  screen: Screen,
): Promise<number> {
  const reports = await read(environment, options, screen, limitOf(options.limit));
  const targets = reports.map((report) => ({ ...factsOf(report), lines: linesOf(report) }));
  if (options.json) {
    const shown = targets.map(({ lines, ...facts }) => ({
      ...facts,
      records: lines.flatMap((line) => parseRecord(line) ?? []),
    }));
    screen.write(`${JSON.stringify({ environment, targets: shown }, undefined, 2)}\n`);
  } else {
    screen.write(printed(targets.map((target) => showText(target, targets.length > 1)).join('')));
  }
  return reports.some(({ error }) => error) ? EXIT_UNKNOWN : EXIT_DONE;
}

interface Shown {
  readonly target: string;
  readonly error?: string;
  readonly lines: readonly string[];
}

function showText({ target, error, lines }: Shown, isOneOfMany: boolean): string {
  const said = lines.map((line) => {
    const record = parseRecord(line);
    return record ? describeRecord(record) : '(a line that is no record: see `gitops audit verify`)';
  });
  const text = error ?? (said.length === 0 ? 'nothing is recorded' : said.join('\n'));
  return `${isOneOfMany ? `${target}:\n` : ''}${text}\n`;
}

export interface AuditVerifyOptions extends ReadOptions {
  readonly head?: readonly string[];
}

/** `gitops audit verify`: whether each trail is as it was written, and holds a head that was kept elsewhere. */
export async function auditVerifyCommand(
  environment: string,
  options: AuditVerifyOptions,
  screen: Screen,
): Promise<number> {
  const reports = await read(environment, options, screen);
  const heads = headsOf(options.head ?? [], reports);
  const targets = reports.map((report) => ({ ...factsOf(report), ...verified(report, heads) }));
  if (options.json) screen.write(`${JSON.stringify({ environment, targets }, undefined, 2)}\n`);
  else screen.write(printed(targets.map((target) => verifyText(target, targets.length > 1)).join('')));
  if (targets.some(({ fault }) => fault)) return EXIT_FAILED;
  return targets.some(({ error }) => error) ? EXIT_UNKNOWN : EXIT_DONE;
}

function verified(
  { scope, trail }: AuditReport,
  heads: ReadonlyMap<string, string>,
): Partial<ReturnType<typeof checkChain>> {
  return trail ? checkChain(trail, heads.get(scope.target.name)) : {};
}

function verifyText(checked: ReturnType<typeof factsOf> & ReturnType<typeof verified>, isOneOfMany: boolean): string {
  const { target, error, fault, records = 0, head } = checked;
  const whole = `intact, ${records} records, head ${head}`;
  const text = fault ? `broken: line ${fault.line} ${HOW[fault.kind]}: ${fault.seen}` : whole;
  return `${isOneOfMany ? `${target}: ` : ''}${error ?? text}\n`;
}

const HOW = {
  changed: 'was changed',
  removed: 'follows a gap',
  inserted: 'was inserted',
  reordered: 'is out of order',
  torn: 'is torn',
  'cut-off': 'is missing',
} as const;

function factsOf({ scope: { target }, error }: AuditReport) {
  return { target: target.name, host: target.host, ...(error && { error: error.message }) };
}

function linesOf({ trail }: AuditReport): readonly string[] {
  return (trail?.toString('utf8') ?? '').split('\n').filter((line) => line !== '');
}

/** `HASH` for a lone target, `TARGET=HASH` where there are several. */
function headsOf(said: readonly string[], reports: readonly AuditReport[]): ReadonlyMap<string, string> {
  const names = reports.map(({ scope }) => scope.target.name);
  return new Map(
    said.map((each) => {
      const [, name = names.length === 1 ? names[0] : undefined, hash] = /^(?:(.+)=)?([0-9a-f]{64})$/.exec(each) ?? [];
      if (hash && name !== undefined && names.includes(name)) return [name, hash];
      throw unreadableOption(
        '--head',
        each,
        `use 64 hexadecimal digits${names.length > 1 ? `, after ${names.join('= or ')}=` : ''}`,
      );
    }),
  );
}

function limitOf(said: string): number {
  if (/^[1-9]\d{0,8}$/.test(said)) return Number(said);
  throw unreadableOption('--limit', said, 'use a whole number from 1 on');
}

function unreadableOption(option: string, seen: string, remedy: string): GitopsError {
  return new GitopsError('input', { attempted: `read ${option}`, seen, remedy });
}

async function read(
  environment: string,
  options: ReadOptions,
  screen: Screen,
  lines?: number,
): Promise<readonly AuditReport[]> {
  const reporter = new TerminalReporter(options.json ? { write: () => true } : screen, new Redactor());
  const { directory } = options;
  return readAudit({
    ...(await readIdentity(options)),
    directory,
    environment,
    reporter,
    signal: AbortSignal.timeout(READ_MS),
    ...(lines !== undefined && { lines }),
  });
}
