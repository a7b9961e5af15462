import type { Change, Desired, Live, Scope, Transaction } from '../model.ts';
import type { RepositoryView } from '../repository-view.ts';
import type { Loaded } from './declared.ts';

/** What a kind of system knows how to do without a host. */
export interface Provider {
  load(view: RepositoryView, scope: Scope): Promise<Loaded>;
  /** Pure. What a release of Compose does beside what it is asked to is told if `composeVersion` is known. */
  diff(desired: Desired, recorded: Desired | undefined, live: Live, composeVersion?: string): readonly Change[];
  /** Pure. */
  compile(input: CompileInput): Transaction;
  /** What the desired state needs and others on the target hold, or it needs twice. Pure. */
  obstacles(desired: Desired, live: Live): readonly Obstacle[];
}

/** Something there can be only one of on a target, and somebody else has it, or wants it, too. */
export interface Obstacle {
  /** e.g. `the port 80/tcp of web`. */
  readonly wanted: string;
  /** The container that has it; for `isOurs` what it is called in reports. */
  readonly holder: string;
  /** The holder is a part of the desired state, too. */
  readonly isOurs?: true;
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
