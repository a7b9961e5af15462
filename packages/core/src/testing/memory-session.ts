import type { Desired, Evidence, Live, Release } from '../model.ts';
import type {
  Adoption,
  Candidate,
  HoldOrder,
  Lease,
  LeaseRequest,
  OrderWords,
  Prepared,
  PrunedItem,
  Recorded,
  TargetSession,
  TransactionRef,
  TransactionState,
  TransactionStatus,
} from '../ports.ts';
import { desired, release } from './desired-state.ts';

/** What can be asked of a host, in the order in which a run asks. */
export type Call =
  | 'recall'
  | 'observe'
  | 'look'
  | 'claim'
  | 'recover'
  | 'adopt'
  | 'prepare'
  | 'preview'
  | 'pin'
  | 'begin'
  | 'follow'
  | 'explain'
  | 'confirm'
  | 'order'
  | 'settle'
  | 'alias'
  | 'prune'
  | 'release'
  | 'dispose';

/** What a host in memory calls the head of its audit trail after a transaction. */
export const AUDIT_HEAD = 'ad'.repeat(32);

/** How the host behaves; everything that is left out goes well. */
export interface HostStory {
  readonly recorded?: Partial<Recorded>;
  /** What runs before the transaction, and again when it was taken back. */
  readonly before: Live;
  /** What the candidate is, and what runs once its steps are done. */
  readonly desired: Desired;
  readonly after: Live;
  readonly desiredDigest?: string;
  /** What is found of a project that runs without a record. */
  readonly adoption?: Partial<Adoption>;
  /** How the steps end: in `awaiting`, or in an end; `applying` goes on until an order comes. */
  readonly applied?: TransactionState;
  /** How a confirmation ends; `reverted` if the host went back before it came. */
  readonly confirmed?: TransactionState;
  /** How a revert ends. */
  readonly reverted?: TransactionState;
  /** How the recovery of an unfinished transaction ends. */
  readonly recovered?: TransactionState;
  /** Why nobody gets through to it. */
  readonly unreachable?: Error;
  readonly fails?: Partial<Record<Call, unknown>>;
  /** What others do between the first look and the claim. */
  readonly meanwhile?: Partial<Recorded>;
  readonly prepared?: Partial<Pick<Prepared, 'warnings' | 'secrets' | 'images' | 'digestOf'>>;
  readonly pruned?: readonly PrunedItem[];
  readonly onCall?: (call: Call) => void;
}

/** A host behind the port, in memory: it keeps a record, gives leases, and carries out orders. */
export class MemorySession implements TargetSession {
  readonly label: string;
  readonly calls: Call[] = [];
  readonly orders: string[] = [];
  readonly aliases: string[] = [];
  /** What the audit trail is to say of each order, and of each alias. */
  readonly verdicts: (string | undefined)[] = [];
  /** What became of held commits, with each order. */
  readonly holds: (HoldOrder | undefined)[] = [];
  readonly aliasFacts: string[] = [];
  recorded: Recorded;
  begun: Candidate | undefined;
  readonly #story: HostStory;
  #live: Live;
  #state: TransactionState = 'staged';
  #candidate: Release | undefined;
  readonly #ordered = Promise.withResolvers<void>();

  constructor(story: HostStory, host = 'docker.example.com') {
    this.label = `gitops@${host}:22`;
    this.#story = story;
    this.#live = story.before;
    // What an earlier run has begun goes on.
    if (story.recorded?.candidate) this.#state = 'applying';
    this.recorded = { damagedObjects: [], highestFence: 6, holds: [], ...story.recorded };
  }

  async recall(): Promise<Recorded> {
    this.#call('recall');
    return this.recorded;
  }

  async observe(): Promise<Live> {
    this.#call('observe');
    return this.#live;
  }

  async look(): Promise<Live> {
    this.#call('look');
    return this.#live;
  }

  async claim({ holder }: LeaseRequest): Promise<Lease> {
    this.#call('claim');
    const { lease: _past, ...meanwhile } = { ...this.recorded, ...this.#story.meanwhile };
    const fence = meanwhile.highestFence + 1;
    this.recorded = { ...meanwhile, highestFence: fence, lease: { ...holder, fence, purpose: 'automatic' } };
    return { fence, release: async () => this.#call('release'), keep: async () => {} };
  }

  async recover(): Promise<TransactionStatus> {
    this.#call('recover');
    const status = { id: 6, state: this.#story.recovered ?? 'reverted', detail: 'recovered' } as const;
    this.recorded = { ...this.recorded, transaction: status };
    return status;
  }

  async adopt(_stacks: readonly string[], before: Release | undefined): Promise<Adoption> {
    this.#call('adopt');
    const zero = release({ name: '0-0000000', number: 0, desired: desired({ services: [] }) });
    return { release: zero, ...(before && { before }), files: [], warnings: [], secrets: [], ...this.#story.adoption };
  }

  async prepare(): Promise<Prepared> {
    this.#call('prepare');
    return {
      digest: this.#story.desiredDigest ?? 'desired of 2',
      engineVersion: '28.0.0',
      composeVersion: '2.40.3',
      warnings: [],
      secrets: [],
      images: [],
      digestOf: () => undefined,
      ...this.#story.prepared,
      preview: async () => this.#desired('preview'),
      pin: async () => this.#desired('pin'),
      begin: async (_, __, candidate) => this.#begin(candidate),
    };
  }

  async follow(_ref: TransactionRef, onLine: (line: string) => void): Promise<TransactionStatus> {
    this.#call('follow');
    onLine('── up');
    onLine('Error response from daemon: no such file');
    const { applied = 'awaiting' } = this.#story;
    if (applied === 'applying') await this.#ordered.promise;
    const isStopped = this.#state !== 'applying';
    if (!isStopped) this.#end(applied);
    return this.#status(isStopped ? 'ordered' : 'up');
  }

  async order(_ref: TransactionRef, order: 'revert' | 'freeze', words: OrderWords = {}): Promise<void> {
    this.verdicts.push(words.verdict);
    this.holds.push(words.hold);
    this.orders.push(order);
    this.#call('order');
    if (this.#isOpen()) this.#end(order === 'freeze' ? 'frozen' : (this.#story.reverted ?? 'reverted'));
    this.#ordered.resolve();
  }

  async hold(_lease: Lease, order: HoldOrder): Promise<void> {
    this.holds.push(order);
  }

  async confirm(_ref: TransactionRef, release: Release, words: OrderWords = {}): Promise<void> {
    this.verdicts.push(words.verdict);
    this.holds.push(words.hold);
    this.orders.push('confirm');
    this.#candidate = release;
    this.#call('confirm');
    if (this.#isOpen()) this.#end(this.#story.confirmed ?? 'confirmed');
  }

  async settle(): Promise<TransactionStatus> {
    this.#call('settle');
    return this.#status('ordered');
  }

  async explain(evidence: readonly Evidence[], prefix: string): Promise<readonly Evidence[]> {
    this.#call('explain');
    return evidence.map((each) =>
      each.verdict === 'healthy' || !each.subject.startsWith(prefix)
        ? each
        : { ...each, log: `log of ${each.subject.slice(prefix.length)}` },
    );
  }

  async prune(): Promise<readonly PrunedItem[]> {
    this.#call('prune');
    return this.#story.pruned ?? [];
  }

  async alias(release: string, commit: string, _inputsDigest: string, facts: string): Promise<void> {
    this.aliasFacts.push(facts);
    this.#call('alias');
    this.aliases.push(`${release} ${commit}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#call('dispose');
  }

  #call(call: Call): void {
    this.calls.push(call);
    this.#story.onCall?.(call);
    const failure = this.#story.fails?.[call];
    if (failure !== undefined) throw failure;
  }

  #desired(call: 'preview' | 'pin'): Desired {
    this.#call(call);
    return this.#story.desired;
  }

  #begin(candidate: Candidate): void {
    this.#call('begin');
    this.begun = candidate;
    this.#live = this.#story.after;
    this.#state = 'applying';
  }

  /** The first order counts. */
  #isOpen(): boolean {
    return this.#state === 'staged' || this.#state === 'applying' || this.#state === 'awaiting';
  }

  #end(state: TransactionState): void {
    this.#state = state;
    if (state === 'reverted') this.#live = this.#story.before;
    if (state === 'confirmed' && this.#candidate) this.recorded = { ...this.recorded, release: this.#candidate };
  }

  #status(detail: string): TransactionStatus {
    return { id: this.recorded.highestFence, state: this.#state, detail, auditHead: AUDIT_HEAD };
  }
}
