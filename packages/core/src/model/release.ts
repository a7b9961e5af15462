import type { Desired } from './desired.ts';
import type { HealthSpec } from './environment.ts';

/** The immutable record of a confirmed state, `manifest.json` of a release on the host. */
export interface Release {
  /** `<n>-<sha7>`. */
  readonly name: string;
  readonly number: number;
  readonly commit: string;
  /** Something of it was in no commit. */
  readonly dirty?: boolean;
  /** Whether a commit that changes it has to be approved, whatever that commit says itself. */
  readonly approvals?: 'required';
  /** Newest first, without `commit`; what a waiting older run compares itself with. */
  readonly ancestors: readonly string[];
  /** Content hash of everything that was uploaded to make it. */
  readonly inputsDigest: string;
  readonly createdAt: string;
  readonly actor: string;
  readonly composeVersion: string;
  readonly engineVersion: string;
  readonly verdict: VerdictName;
  readonly health: HealthSpec;
  readonly desired: Desired;
  /** Content hash of the rendered project and the health spec, before images were pinned. */
  readonly desiredDigest: string;
}

export type VerdictName = 'healthy' | 'degraded' | 'unhealthy' | 'unknown';

/** One observation that a verdict rests on. */
export interface Evidence {
  /** Service or probe. */
  readonly subject: string;
  readonly verdict: VerdictName;
  /** One line: what was seen. */
  readonly seen: string;
  /** Last lines of the log or of the health log, on failure. */
  readonly log?: string;
}

export interface Verdict {
  readonly verdict: VerdictName;
  readonly evidence: readonly Evidence[];
}

export type Outcome =
  | 'deployed'
  | 'unchanged'
  | 'planned'
  | 'superseded'
  | 'refused'
  | 'failed-before-change'
  | 'rolled-back'
  | 'rollback-failed'
  | 'frozen'
  | 'unknown';

/** Who holds a lease, and why. */
export interface LeaseHolder {
  readonly fence: number;
  readonly holder: string;
  readonly reason: string;
  readonly since: string;
  /** A person's lease has no expiry. */
  readonly purpose: 'automatic' | 'human';
  readonly commit: string;
}

/** A commit that was left: it did not become healthy, or somebody went back from it. It stops scheduled runs. */
export interface Hold {
  readonly commit: string;
  /** The release that it was about to be. */
  readonly release: string;
  readonly since: string;
  /** Who ran what was left. */
  readonly by: string;
  readonly why: string;
}
