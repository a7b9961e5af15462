import type { Hold, LeaseHolder, Plan, Release } from '../model.ts';

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
  /** What the transaction is about, as long as somebody can see it through. */
  readonly candidate?: SeenThrough;
  /** Commits that were left, the newest last. */
  readonly holds: readonly Hold[];
  /** Mounted objects that are missing or were changed by hand. */
  readonly damagedObjects: readonly string[];
  /** The newest fence that was ever given. */
  readonly highestFence: number;
  /** Hash of the newest record in the audit trail; left out if there is none. */
  readonly auditHead?: string;
}

/** All that another run needs to judge and confirm a transaction that it has not begun. */
export interface SeenThrough {
  readonly release: Release;
  readonly plan: Plan;
  /** Services that were unhealthy before the first step, by `keyOf`. */
  readonly sick: readonly string[];
  /** Restart counts before the first step, by container id. */
  readonly restarts: Readonly<Record<string, number>>;
}

export interface LeaseRequest {
  readonly holder: Omit<LeaseHolder, 'fence' | 'purpose'>;
  /** A person's lease does not expire. */
  readonly purpose: LeaseHolder['purpose'];
  /** Commits that the holder's one descends from: an older one that only waits gives way to it. */
  readonly ancestors: readonly string[];
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
  /** Leaves it on the host, where it holds until somebody releases it. For a person's only. */
  keep(): Promise<void>;
}
