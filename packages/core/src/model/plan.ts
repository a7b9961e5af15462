export type ChangeAction = 'create' | 'update' | 'recreate' | 'restart' | 'reload' | 'delete' | 'none';

export interface FieldDifference {
  readonly field: string;
  /** Left out where the value may be secret. */
  readonly before?: string;
  readonly after?: string;
}

export interface Change {
  /** e.g. `compose:production/web`, `compose:production/network/front`. */
  readonly address: string;
  /** The target it happens on; left out in an environment that has only one. */
  readonly target?: string;
  readonly stack: string;
  /** What it is called in reports, as its evidence is: `web`, with its stack and target where there are several. */
  readonly subject: string;
  readonly kind: 'service' | 'network' | 'volume';
  readonly name: string;
  readonly action: ChangeAction;
  readonly cause: string;
  readonly fields: readonly FieldDifference[];
  /** `blocked` changes lose data and are refused. */
  readonly risk: 'none' | 'interrupts' | 'blocked';
  readonly imageBefore?: string;
  readonly imageAfter?: string;
}

export interface Plan {
  readonly changes: readonly Change[];
  /** Whoever applies this exact plan to this exact state gets this hash. */
  readonly hash: string;
  readonly warnings: readonly string[];
}
