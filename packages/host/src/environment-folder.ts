import {
  type Candidate,
  GitopsError,
  type HoldOrder,
  type OrderWords,
  type Recorded,
  type Release,
  type TransactionRef,
  type TransactionState,
  type TransactionStatus,
} from '@gitops/core';
import { LineSplitter } from './line-splitter.ts';
import { notBegun } from './not-begun.ts';
import { splitParts } from './parts.ts';
import { PROGRAMS } from './programs.generated.ts';
import { lines, parseRecorded, parseRelease, parseStatus } from './recorded.ts';
import { type Connection, packTar, type RemoteScript, type ScriptResult } from './ssh/index.ts';
import { TO_THE_END } from './stopped-by.ts';
import { type BeginFiles, entry, transactionFiles } from './transaction-files.ts';

const READ_MS = 60_000;
const WRITE_MS = 300_000;
/** Longer than all steps of a transaction together may take. */
const TRANSACTION_MS = 3_600_000;

const ENDS: readonly TransactionState[] = ['frozen', 'confirmed', 'reverted', 'revert-failed'];

/** `<stateDir>/<name>/<environment>` of one host: everything that is recorded there goes through here. */
export class EnvironmentFolder {
  readonly path: string;
  readonly #connection: Connection;

  constructor(connection: Connection, stateDir: string, name: string, environment: string) {
    this.#connection = connection;
    this.path = `${stateDir}/${name}/${environment}`;
  }

  async recall(): Promise<Recorded> {
    const parts = splitParts(
      await this.#ask({
        what: 'read what is recorded',
        script: PROGRAMS.recall,
        args: [this.path],
        timeoutMs: READ_MS,
      }),
    );
    return parseRecorded(parts);
  }

  /** Writes release and transaction, and starts the supervisor. `files` lie below `release/`. */
  async begin(fence: number, staging: string, candidate: Candidate, files: BeginFiles): Promise<void> {
    // By the last one the host sees that it got all of them.
    const entries = [...files.release, ...transactionFiles(candidate, files), entry('end', '')];
    const result = await this.#connection.run({
      what: 'lay down the release',
      script: PROGRAMS.begin,
      args: [this.path, String(fence), staging, candidate.release, candidate.adopted?.release.name ?? ''],
      stdin: packTar(entries),
      timeoutMs: WRITE_MS,
    });
    if (result.code !== 0) throw notBegun(this.#connection.label, result.code, result.stderr);
  }

  async follow(ref: TransactionRef, signal: AbortSignal, onLine: (line: string) => void): Promise<TransactionStatus> {
    const printed = new LineSplitter(onLine);
    const answer = await this.#ask({
      what: 'follow the transaction',
      script: PROGRAMS.follow,
      args: [this.path, String(ref.transaction), 'starting', 'applying', 'reverting'],
      timeoutMs: TRANSACTION_MS,
      signal,
      onStdout: (chunk) => printed.write(chunk),
    });
    return this.#resumed(ref, splitParts(answer).get('status') ?? '', ['awaiting', ...ENDS]);
  }

  async order(
    { fence, transaction }: TransactionRef,
    order: 'confirm' | 'revert' | 'freeze',
    { release, verdict, hold }: OrderWords & { readonly release?: Release } = {},
  ): Promise<void> {
    const flags = [...(verdict ? ['judged'] : []), ...(hold ? ['held'] : [])];
    const lines = [...(verdict ? [verdict] : []), ...(hold ? [hold.facts, heldFile(hold)] : [])];
    await this.#ask({
      what: `order the host to ${order}`,
      script: PROGRAMS.order,
      args: [this.path, String(fence), String(transaction), order, release?.name ?? '', ...flags],
      stdin: `${lines.map((line) => `${line}\n`).join('')}${release ? `${JSON.stringify(release)}\n` : ''}`,
      timeoutMs: READ_MS,
      signal: TO_THE_END,
    });
  }

  async hold(fence: number, hold: HoldOrder): Promise<void> {
    await this.#ask({
      what: 'write which commits are held',
      script: PROGRAMS.hold,
      args: [this.path, String(fence)],
      stdin: `${hold.facts}\n${heldFile(hold)}\n`,
      timeoutMs: READ_MS,
    });
  }

  /** Ends the lease of a person; `by` says who did it, in a line of JSON. False if that lease does not hold any more. */
  async unlock(fence: number, by: string): Promise<boolean> {
    const answer = await this.#ask({
      what: 'release the lease',
      script: PROGRAMS.unlock,
      args: [this.path, String(fence)],
      stdin: `${by}\n`,
      timeoutMs: READ_MS,
    });
    return answer.trim() === 'released';
  }

  async settle(ref: TransactionRef, signal: AbortSignal): Promise<TransactionStatus> {
    const answer = await this.#ask({
      what: 'wait for the end of the transaction',
      script: PROGRAMS.settle,
      args: [this.path, String(ref.transaction)],
      timeoutMs: TRANSACTION_MS,
      signal,
    });
    return this.#resumed(ref, answer, ENDS);
  }

  async recover(fence: number): Promise<TransactionStatus> {
    const answer = await this.#ask({
      what: 'recover the unfinished transaction',
      script: PROGRAMS.recover,
      args: [this.path, String(fence)],
      timeoutMs: TRANSACTION_MS,
    });
    const [id = '', ...status] = answer.trim().split(' ');
    return parseStatus(Number(id), status.join(' '));
  }

  async alias(release: string, commit: string, inputsDigest: string, facts: string): Promise<void> {
    const line = JSON.stringify({ commit, inputsDigest, at: new Date().toISOString() });
    await this.#ask({
      what: 'record the commit',
      script: PROGRAMS.alias,
      args: [this.path, release, line, facts],
      timeoutMs: READ_MS,
    });
  }

  /** The audit trail as it lies on the host, or its newest lines. */
  async auditTrail(lines?: number): Promise<Buffer> {
    const { stdout } = await this.#run({
      what: 'read the audit trail',
      script: PROGRAMS.trail,
      args: [this.path, ...(lines === undefined ? [] : [String(lines)])],
      timeoutMs: WRITE_MS,
    });
    return stdout;
  }

  /** Every release that is kept, oldest first, and how the newest transactions ended. */
  async history(): Promise<{ releases: readonly Release[]; transactions: readonly TransactionStatus[] }> {
    const parts = splitParts(
      await this.#ask({ what: 'read the history', script: PROGRAMS.history, args: [this.path], timeoutMs: READ_MS }),
    );
    const releases = lines(parts.get('releases')).map((line) => {
      const [name = '', ...manifest] = line.split(' ');
      return parseRelease(name, manifest.join(' '));
    });
    const transactions = lines(parts.get('transactions')).map((line) => {
      const [id = '', ...status] = line.split(' ');
      return parseStatus(Number(id), status.join(' '));
    });
    return {
      releases: releases.sort((a, b) => a.number - b.number),
      transactions: transactions.sort((a, b) => a.id - b.id),
    };
  }

  /** A transaction whose supervisor is gone ends nowhere by itself: this run, which holds the lease, brings it to an end. */
  async #resumed(
    { transaction, fence }: TransactionRef,
    said: string,
    ends: readonly TransactionState[],
  ): Promise<TransactionStatus> {
    const status = parseStatus(transaction, said);
    return ends.includes(status.state) && !said.includes('\ngone') ? status : this.recover(fence);
  }

  async #ask(script: RemoteScript): Promise<string> {
    return (await this.#run(script)).stdout.toString('utf8');
  }

  async #run(script: RemoteScript): Promise<ScriptResult> {
    const result = await this.#connection.run(script);
    if (result.code === 0) return result;
    throw new GitopsError('host-program', {
      attempted: `${script.what} on ${this.#connection.label}`,
      seen:
        result.code === 4 ? 'the lease was lost to another run' : `exit code ${result.code}: ${result.stderr.trim()}`,
      remedy: 'run again: the next run recovers what was left',
    });
  }
}

/** `held.json` as it lies on the host, in a line. */
function heldFile({ holds }: HoldOrder): string {
  return JSON.stringify({ apiVersion: 'gitops/v1', holds });
}
