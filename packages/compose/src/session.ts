import type {
  Declared,
  Environment,
  Evidence,
  Lease,
  LeaseRequest,
  Live,
  Prepared,
  Recorded,
  Release,
  TargetSession,
  TransactionStatus,
} from '@gitops/core';
import { acquireLease, type Connection, EnvironmentFolder, PROGRAMS, splitParts } from '@gitops/host';
import { parseLive } from './observe.ts';
import { stage } from './prepare.ts';
import { PreparedProject } from './prepared.ts';

const READ_MS = 60_000;
const LOG_LINES = 20;

/** One Compose project of one environment, over one connection. */
export class ComposeSession implements TargetSession {
  readonly label: string;
  readonly #connection: Connection;
  readonly #environment: Environment;
  readonly #folder: EnvironmentFolder;
  readonly #signal: AbortSignal;
  #live: Live | undefined;

  constructor(connection: Connection, environment: Environment, signal: AbortSignal) {
    this.#signal = signal;
    this.#connection = connection;
    this.#environment = environment;
    this.#folder = new EnvironmentFolder(
      connection,
      environment.target.stateDir,
      environment.repositoryName,
      environment.name,
    );
    this.label = connection.label;
  }

  recall(): Promise<Recorded> {
    return this.#folder.recall();
  }

  async observe(): Promise<Live> {
    const { stdout } = await this.#connection.run({
      what: 'read what runs',
      script: PROGRAMS.observe,
      args: [this.#environment.stack.name],
      timeoutMs: READ_MS,
    });
    this.#live = parseLive(splitParts(stdout.toString('utf8')), this.label);
    return this.#live;
  }

  claim(request: LeaseRequest): Promise<Lease> {
    return acquireLease(this.#connection, this.#folder.path, request);
  }

  recover(lease: Lease): Promise<TransactionStatus> {
    return this.#folder.recover(lease.fence);
  }

  async prepare(declared: Declared, lease: Lease | undefined): Promise<Prepared> {
    const input = {
      connection: this.#connection,
      environment: this.#environment,
      declared,
      folder: this.#folder.path,
      lease,
    };
    return new PreparedProject(input, await stage(input), this.#folder);
  }

  follow(lease: Lease, onLine: (line: string) => void): Promise<TransactionStatus> {
    return this.#folder.follow(lease.fence, this.#signal, onLine);
  }

  order(lease: Lease, order: 'revert' | 'freeze'): Promise<void> {
    return this.#folder.order(lease.fence, lease.fence, order);
  }

  confirm(lease: Lease, release: Release): Promise<void> {
    return this.#folder.order(lease.fence, lease.fence, 'confirm', release);
  }

  settle(lease: Lease): Promise<TransactionStatus> {
    return this.#folder.settle(lease.fence, this.#signal);
  }

  alias(release: string, commit: string, inputsDigest: string): Promise<void> {
    return this.#folder.alias(release, commit, inputsDigest);
  }

  /** Every kept release and how the newest transactions ended. */
  history(): Promise<{ releases: readonly Release[]; transactions: readonly TransactionStatus[] }> {
    return this.#folder.history();
  }

  /** Adds the last lines of the logs of what is not healthy. Best effort: a container may be gone by now. */
  async explain(evidence: readonly Evidence[]): Promise<readonly Evidence[]> {
    const bad = new Set(evidence.filter(({ verdict }) => verdict !== 'healthy').map(({ subject }) => subject));
    const containers = (this.#live?.containers ?? []).filter(({ service }) => bad.has(service));
    if (containers.length === 0) return evidence;
    const args = [String(LOG_LINES), ...containers.map(({ id }) => id)];
    const { stdout } = await this.#connection.run({
      what: 'read logs',
      script: PROGRAMS.logs,
      args,
      timeoutMs: READ_MS,
    });
    const logs = splitParts(stdout.toString('utf8'));
    return evidence.map((each) => {
      const log = containers
        .filter(({ service }) => service === each.subject)
        .map(({ id }) => logs.get(id)?.trim())
        .join('\n');
      return log === '' ? each : { ...each, log };
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#connection.close();
  }
}
