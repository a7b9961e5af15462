import type { LeaseHolder, Release } from '../model.ts';

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
