import type { FieldDifference } from './plan.ts';

/** What a commit changes of a stack against another commit, as far as its files tell without a host. */
export interface BaseDifference {
  readonly stack: string;
  /** `stack` where all of it is new or gone; `file` for one that is mounted or read, `name` being its path in git. */
  readonly kind: 'stack' | 'service' | 'network' | 'volume' | 'config' | 'secret' | 'file';
  readonly name: string;
  readonly change: 'added' | 'removed' | 'changed';
  /** By the names that the fields of a plan have; values only where they can't be secret. */
  readonly fields: readonly FieldDifference[];
}
