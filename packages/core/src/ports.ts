import type {
  Change,
  Desired,
  Evidence,
  Finding,
  LeaseHolder,
  Live,
  Release,
  RetentionSpec,
  Scope,
  Transaction,
} from './model.ts';
import type { RepositoryView } from './repository-view.ts';

/** States a transaction passes through on the host; the last four are ends. */
export type TransactionState =
  | 'staged'
  | 'applying'
  | 'awaiting'
  | 'confirming'
  | 'reverting'
  | 'frozen'
  | 'confirmed'
  | 'reverted'
  | 'revert-failed';

/** What a commit says of the stacks of one target, as far as it can be read without a host. */
export interface Declared {
  readonly stacks: readonly StackSource[];
  /** The files of all stacks, each once. */
  readonly upload: readonly UploadedFile[];
  /** Content hash of all that goes to the host. */
  readonly inputsDigest: string;
  /** For pulling alone: no part of `inputsDigest`, as a rotated token changes nothing that runs. None if left out. */
  readonly registries?: readonly RegistryLogin[];
}

/** What a registry is told to let us pull. The password is never shown. */
export interface RegistryLogin {
  /** As in image names; `docker.io` is Docker Hub. */
  readonly host: string;
  readonly username: string;
  readonly password: string;
  /** Which key of which file says so, for messages. */
  readonly source: string;
}

/** Which of the uploaded files make a stack. Paths are relative to the root of the repository. */
export interface StackSource {
  readonly name: string;
  /** Where Compose is run. */
  readonly folder: string;
  readonly composeFiles: readonly string[];
  readonly envFile?: string;
  /** Every service that is named, whatever its profile. */
  readonly services: readonly string[];
  /** Where something is written, by its path of keys, for messages about it. */
  readonly positionOf: (path: readonly string[]) => Pick<Finding, 'file' | 'line' | 'column'> | undefined;
}

export interface UploadedFile {
  /** Relative to the root of the repository, with `/`. */
  readonly path: string;
  readonly executable: boolean;
  readonly content: Buffer;
}

export interface TransactionStatus {
  readonly id: number;
  readonly state: TransactionState;
  /** What led to a revert: the step that failed, `ordered`, `runner-silent` or `recovered`. */
  readonly detail: string;
  /** Hash of the newest record in the audit trail, where the host told it. */
  readonly auditHead?: string;
}

/** What the environment's folder on the host says. */
export interface Recorded {
  /** The current release; `undefined` before the first deployment. */
  readonly release?: Release;
  /** Content hash of the newest commit that was recorded as the current release or as an alias of it. */
  readonly inputsDigest?: string;
  /** The commit that goes with `inputsDigest`. */
  readonly commit?: string;
  readonly hmacKey?: string;
  readonly lease?: LeaseHolder;
  readonly transaction?: TransactionStatus;
  /** Mounted objects that are missing or were changed by hand. */
  readonly damagedObjects: readonly string[];
  /** The newest fence that was ever given. */
  readonly highestFence: number;
  /** Hash of the newest record in the audit trail; left out if there is none. */
  readonly auditHead?: string;
}

export interface LeaseRequest {
  readonly holder: Omit<LeaseHolder, 'fence' | 'purpose'>;
  readonly waitMs: number;
  /** How often the lease is renewed; well below the silence after which a host goes back. */
  readonly renewalMs: number;
  readonly signal: AbortSignal;
  /** Called once for each holder that is waited for. */
  readonly onBusy: (holder: LeaseHolder) => void;
}

/** The right to change one environment on one host. It is renewed until it is released. */
export interface Lease {
  readonly fence: number;
  release(): Promise<void>;
}

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
}

/** One environment on one target as the engine sees it, bound to one connection. */
export interface TargetSession extends AsyncDisposable {
  /** `user@host:port`, for messages. */
  readonly label: string;
  recall(): Promise<Recorded>;
  observe(): Promise<Live>;
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
  follow(lease: Lease, onLine: (line: string) => void): Promise<TransactionStatus>;
  /** The first order counts; `settle` says what became of it. `verdict` is why, for the audit trail: a line of JSON. */
  order(lease: Lease, order: 'revert' | 'freeze', verdict?: string): Promise<void>;
  confirm(lease: Lease, release: Release, verdict?: string): Promise<void>;
  /** Resolves when the host has carried out an order, or went back by itself. */
  settle(lease: Lease): Promise<TransactionStatus>;
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

/** What a kind of system knows how to do without a host. */
export interface Provider {
  load(view: RepositoryView, scope: Scope): Promise<Loaded>;
  /** Pure. What a release of Compose does beside what it is asked to is told if `composeVersion` is known. */
  diff(desired: Desired, recorded: Desired | undefined, live: Live, composeVersion?: string): readonly Change[];
  /** Pure. */
  compile(input: CompileInput): Transaction;
  /** What others on the target hold and the desired state needs. Pure. */
  obstacles(desired: Desired, live: Live): readonly Obstacle[];
}

/** Something there can be only one of on a target, and somebody else has it. */
export interface Obstacle {
  /** e.g. `the port 80/tcp of web`. */
  readonly wanted: string;
  /** The container that has it. */
  readonly holder: string;
  /** Its Compose project; empty if it has none. */
  readonly stack: string;
}

export interface CompileInput {
  readonly changes: readonly Change[];
  readonly desired: Desired;
  readonly previous: Desired | undefined;
  readonly live: Live;
  readonly release: string;
  readonly previousRelease: string | undefined;
  /** That of the host. */
  readonly composeVersion: string;
}

export interface Loaded {
  /** `undefined` if the findings hold an error. */
  readonly declared?: Declared;
  /** Values that must not be shown. */
  readonly secrets: readonly string[];
  readonly findings: readonly Finding[];
}

export type Level = 'info' | 'notice' | 'warning' | 'error';

/** Where a run tells what it does. */
export interface Reporter {
  /** From now on none of these values is shown, in whatever encoding. */
  mask(values: readonly string[]): void;
  /** The text without any value that is masked by now. */
  redact(text: string): string;
  say(level: Level, message: string): void;
  finding(finding: Finding): void;
  /** What runs inside is shown as one part, which may be folded. */
  group<T>(title: string, work: () => Promise<T>): Promise<T>;
  /** One line of detail inside a group. */
  detail(line: string): void;
}

/** Time, so that tests own it. */
export interface Clock {
  /** Milliseconds of a clock that only goes forward. */
  now(): number;
  today(): Date;
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}

/** Asks a probe once, from the runner. */
export type Prober = (signal: AbortSignal) => Promise<readonly Evidence[]>;
