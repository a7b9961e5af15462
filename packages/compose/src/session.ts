import {
  type Adoption,
  type Declared,
  type Desired,
  type Evidence,
  type HoldOrder,
  keyOf,
  type Lease,
  type LeaseRequest,
  type Live,
  type LiveContainer,
  type LiveContainers,
  type OrderWords,
  type Prepared,
  type PrunedItem,
  type Recorded,
  type Release,
  type RetentionSpec,
  type Scope,
  type TargetSession,
  type TransactionRef,
  type TransactionStatus,
} from '@gitops/core';
import { acquireLease, type Connection, EnvironmentFolder, PROGRAMS, prune, splitParts } from '@gitops/host';
import { adoptStacks } from './adopt/index.ts';
import { parseContainers, parseLive } from './observe.ts';
import { stage } from './prepare.ts';
import { PreparedStacks } from './prepared.ts';

const READ_MS = 60_000;
const LOG_LINES = 20;

/** The stacks of one environment on one host, over one connection. */
export class ComposeSession implements TargetSession {
  readonly label: string;
  readonly #connection: Connection;
  readonly #scope: Scope;
  readonly #folder: EnvironmentFolder;
  readonly #signal: AbortSignal;
  /** As they were seen last. */
  #containers: readonly LiveContainer[] = [];

  constructor(connection: Connection, scope: Scope, signal: AbortSignal) {
    const { target, environment } = scope;
    this.#signal = signal;
    this.#connection = connection;
    this.#scope = scope;
    this.#folder = new EnvironmentFolder(connection, target.stateDir, environment.repositoryName, environment.name);
    this.label = connection.label;
  }

  recall(): Promise<Recorded> {
    return this.#folder.recall();
  }

  async observe(): Promise<Live> {
    const { stdout } = await this.#connection.run({
      what: 'read what runs',
      script: PROGRAMS.observe,
      args: [this.#folder.path, ...this.#scope.stacks.map(({ name }) => name)],
      timeoutMs: READ_MS,
    });
    const live = parseLive(splitParts(stdout.toString('utf8')), this.label);
    this.#containers = live.containers;
    return live;
  }

  async look(): Promise<LiveContainers> {
    const { stdout } = await this.#connection.run({
      what: 'look at the containers',
      script: PROGRAMS.look,
      args: this.#scope.stacks.map(({ name }) => name),
      timeoutMs: READ_MS,
    });
    const seen = parseContainers(splitParts(stdout.toString('utf8')), this.label);
    this.#containers = seen.containers;
    return seen;
  }

  claim(request: LeaseRequest): Promise<Lease> {
    return acquireLease(this.#connection, this.#folder.path, request);
  }

  recover(lease: Lease): Promise<TransactionStatus> {
    return this.#folder.recover(lease.fence);
  }

  adopt(stacks: readonly string[], before: Release | undefined): Promise<Adoption> {
    return adoptStacks({ connection: this.#connection, scope: this.#scope, stacks, before });
  }

  async prepare(declared: Declared, lease: Lease | undefined, recorded: Desired | undefined): Promise<Prepared> {
    const [connection, scope, folder] = [this.#connection, this.#scope, this.#folder.path];
    const input = { connection, scope, declared, folder, lease, recorded, signal: this.#signal };
    return new PreparedStacks(input, await stage(input), this.#folder);
  }

  follow(ref: TransactionRef, onLine: (line: string) => void): Promise<TransactionStatus> {
    return this.#folder.follow(ref, this.#signal, onLine);
  }

  order(ref: TransactionRef, order: 'revert' | 'freeze', words?: OrderWords): Promise<void> {
    return this.#folder.order(ref, order, words);
  }

  confirm(ref: TransactionRef, release: Release, words?: OrderWords): Promise<void> {
    return this.#folder.order(ref, 'confirm', { ...words, release });
  }

  settle(ref: TransactionRef): Promise<TransactionStatus> {
    return this.#folder.settle(ref, this.#signal);
  }

  /** Writes which commits are held. */
  hold(lease: Lease, order: HoldOrder): Promise<void> {
    return this.#folder.hold(lease.fence, order);
  }

  /** Ends the lease of a person; false if it does not hold any more. `by` is a line of JSON that says who did it. */
  unlock(fence: number, by: string): Promise<boolean> {
    return this.#folder.unlock(fence, by);
  }

  alias(release: string, commit: string, inputsDigest: string, facts: string): Promise<void> {
    return this.#folder.alias(release, commit, inputsDigest, facts);
  }

  /** The audit trail as it lies on the host, or its newest lines. */
  auditTrail(lines?: number): Promise<Buffer> {
    return this.#folder.auditTrail(lines);
  }

  prune(lease: Lease, retention: RetentionSpec, now: Date): Promise<readonly PrunedItem[]> {
    return prune({ connection: this.#connection, folder: this.#folder.path, fence: lease.fence, retention, now });
  }

  /** Every kept release and how the newest transactions ended. */
  history(): Promise<{ releases: readonly Release[]; transactions: readonly TransactionStatus[] }> {
    return this.#folder.history();
  }

  /** Adds the last lines of the logs of what is not healthy. Best effort: a container may be gone by now. */
  async explain(evidence: readonly Evidence[], prefix: string): Promise<readonly Evidence[]> {
    const bad = new Set(evidence.filter(({ verdict }) => verdict !== 'healthy').map(({ subject }) => subject));
    const told = this.#subjects(prefix).filter(({ subject }) => bad.has(subject));
    if (told.length === 0) return evidence;
    const { stdout } = await this.#connection.run({
      what: 'read logs',
      script: PROGRAMS.logs,
      args: [String(LOG_LINES), ...told.map(({ id }) => id)],
      timeoutMs: READ_MS,
    });
    const logs = splitParts(stdout.toString('utf8'));
    return evidence.map((each) => {
      const ids = told.filter(({ subject }) => subject === each.subject).map(({ id }) => id);
      const log = ids.map((id) => logs.get(id)?.trim()).join('\n');
      return log === '' ? each : { ...each, log };
    });
  }

  /** The containers of the last look, and what evidence calls them. */
  #subjects(prefix: string): readonly { readonly id: string; readonly subject: string }[] {
    return this.#containers.flatMap(({ id, stack, service }) => {
      const key = { stack, name: service };
      return [service, keyOf(key)].map((subject) => ({ id, subject: `${prefix}${subject}` }));
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#connection.close();
  }
}
