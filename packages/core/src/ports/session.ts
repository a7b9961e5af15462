import type { Desired, Evidence, Hold, Live, LiveContainers, Release, RetentionSpec, Transaction } from '../model.ts';
import type { Declared } from './declared.ts';
import type { Lease, LeaseRequest, Recorded, SeenThrough, TransactionStatus } from './recorded.ts';

/** Desired before images are pinned: rendered by the host, with content-addressed files. */
export interface Prepared {
  readonly digest: string;
  readonly engineVersion: string;
  readonly composeVersion: string;
  readonly warnings: readonly string[];
  /** Values that must not be shown. */
  readonly secrets: readonly string[];
  /** What was pinned; empty before `pin`. */
  readonly images: readonly PinnedImage[];
  /**
   * `sha256:…`, as the registry of a reference knows an image that `preview` or `pin` has seen on the host; `undefined` if it
   * was never in one.
   */
  digestOf(imageId: string, reference: string): string | undefined;
  /** Desired with the images this host has now. Missing ones have no id. */
  preview(recorded: Desired | undefined): Promise<Desired>;
  /** Desired with every image pulled and pinned. `tell` hears how the pulls are getting on. */
  pin(recorded: Desired | undefined, tell: (line: string) => void): Promise<Desired>;
  /**
   * Lays the candidate down on the host and starts its transaction: the last moment before a change. Throws `NotBegunError`
   * if it did not start; with any other error it may have.
   */
  begin(lease: Lease, desired: Desired, candidate: Candidate): Promise<void>;
}

/** An image as a release has it. */
export interface PinnedImage {
  readonly reference: string;
  /** On this host, `sha256:…`. */
  readonly id: string;
  /** `name@sha256:…`, as registries know it; none if it was never in one. */
  readonly digests: readonly string[];
}

/** A file of a release on the host. */
export interface ReleaseFile {
  /** Relative to the release's folder. */
  readonly path: string;
  readonly content: Buffer;
  readonly mode: number;
}

/** What ran before it was taken over, as a release that can be activated again. */
export interface Adoption {
  /** Release 0, or the next one where some stacks were deployed from here before. */
  readonly release: Release;
  /** The release that was current before. */
  readonly before?: Release;
  readonly files: readonly ReleaseFile[];
  /** What may not come back as it was, and what is left alone. */
  readonly warnings: readonly string[];
  /** Values that must not be shown. */
  readonly secrets: readonly string[];
}

/** All that a transaction puts on the host, beside the images. */
export interface Candidate {
  readonly adopted?: Adoption;
  /** Name of the release. */
  readonly release: string;
  /** A heal activates the current release again: nothing of it is written. */
  readonly isNew: boolean;
  readonly transaction: Transaction;
  readonly confirmTimeoutSeconds: number;
  /** What the audit trail says of it: one line of JSON without secrets. */
  readonly facts: string;
  /** By which another run can go on with it. */
  readonly seenThrough: SeenThrough;
}

/** A transaction, and the fence of the lease by which it may be given orders: its own, or that of a later run. */
export interface TransactionRef {
  readonly transaction: number;
  readonly fence: number;
}

/** What an order to a transaction is to leave on record. */
export interface OrderWords {
  /** Why, for the audit trail: a line of JSON. */
  readonly verdict?: string | undefined;
  readonly hold?: HoldOrder | undefined;
}

/** The commits that are held from now on. */
export interface HoldOrder {
  readonly holds: readonly Hold[];
  /** What the audit trail says of the change: a line of JSON. */
  readonly facts: string;
}

/** One environment on one target as the engine sees it, bound to one connection. */
export interface TargetSession extends AsyncDisposable {
  /** `user@host:port`, for messages. */
  readonly label: string;
  recall(): Promise<Recorded>;
  observe(): Promise<Live>;
  /** Only what a verdict needs, as it is asked for over and over. */
  look(): Promise<LiveContainers>;
  claim(request: LeaseRequest): Promise<Lease>;
  /** Brings an unfinished transaction to a verified end. */
  recover(lease: Lease): Promise<TransactionStatus>;
  /** Takes what runs of these stacks for a release. Read-only. `recorded` is the release that goes on beside it. */
  adopt(stacks: readonly string[], recorded: Release | undefined): Promise<Adoption>;
  /**
   * Uploads and renders. Without a lease nothing stays on the host. Applications find their data where `recorded` has it.
   */
  prepare(declared: Declared, lease: Lease | undefined, recorded: Desired | undefined): Promise<Prepared>;
  /** Resolves when every step of `apply` is done, or the host went back. */
  follow(ref: TransactionRef, onLine: (line: string) => void): Promise<TransactionStatus>;
  /** The first order counts; `settle` says what became of it. */
  order(ref: TransactionRef, order: 'revert' | 'freeze', words?: OrderWords): Promise<void>;
  confirm(ref: TransactionRef, release: Release, words?: OrderWords): Promise<void>;
  /** Writes which commits are held. */
  hold(lease: Lease, order: HoldOrder): Promise<void>;
  /** Resolves when the host has carried out an order, or went back by itself. */
  settle(ref: TransactionRef): Promise<TransactionStatus>;
  /** Adds the log to evidence of what is not healthy here. `prefix` stands before the subjects of this target. */
  explain(evidence: readonly Evidence[], prefix: string): Promise<readonly Evidence[]>;
  /** Removes what no way back needs any more; see `cutsFor`. Never the current release, never what a container uses. */
  prune(lease: Lease, retention: RetentionSpec, now: Date): Promise<readonly PrunedItem[]>;
  /** Records that a commit has the content of the current release. `facts` is what the audit trail says of it. */
  alias(release: string, commit: string, inputsDigest: string, facts: string): Promise<void>;
}

/** One thing that was removed from a host, or should have been. */
export interface PrunedItem {
  /** `release`, `secrets` (of a release that stays), `image`, `object`, `transaction` or `leftover`. */
  readonly kind: string;
  readonly name: string;
  /** Why it is still there. */
  readonly fault?: string;
}
