import type { FieldDifference } from './plan.ts';

/** What a commit changes of a stack against another commit, as far as its files tell without a host. */
export interface BaseDifference {
  readonly stack: string;
  /** `stack` where all of it is new, gone or renamed, or where files changed that no service names. */
  readonly kind: 'stack' | 'service' | 'network' | 'volume' | 'config' | 'secret';
  readonly name: string;
  readonly change: 'added' | 'removed' | 'changed';
  /** By the names that the fields of a plan have; values only where they can't be secret. */
  readonly fields: readonly FieldDifference[];
}
