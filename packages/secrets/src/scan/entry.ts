import type { Position } from '@gitops/core';

/** A value that a file gives to a name. */
export interface Entry {
  /** The name of a variable, a key of a mapping, or an option of a command. */
  readonly name: string;
  readonly value: string;
  readonly at: Position;
}
