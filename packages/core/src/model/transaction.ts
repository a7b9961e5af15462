import type { ServiceKey, ServiceRole } from './desired.ts';

/** One step of a transaction: a command on the host. */
export interface Step {
  /** `[a-z0-9_-]+`, unique within its list. */
  readonly name: string;
  readonly argv: readonly string[];
  readonly timeoutSeconds: number;
}

/** What the host itself checks after a revert: that exactly this runs. */
export interface Expectation {
  readonly stack: string;
  readonly service: string;
  readonly configHash: string;
  readonly imageId: string;
  readonly replicas: number;
  readonly role: ServiceRole;
}

/** Both ways as a whole: to the desired state, and back to what was recorded. */
export interface Transaction {
  /** Every stack of it, new ones and those that go. */
  readonly stacks: readonly string[];
  readonly apply: readonly Step[];
  readonly revert: readonly Step[];
  /** Tried when `revert` fails, before `revert` is tried once more. */
  readonly unwedge: readonly Step[];
  readonly expectAfterRevert: readonly Expectation[];
  /** Services that may have containers after a revert without being expected. */
  readonly toleratedAfterRevert: readonly ServiceKey[];
  /** Small Compose files that lie beside the transaction, by name: what is not to run again. */
  readonly overlays: Readonly<Record<string, string>>;
}
