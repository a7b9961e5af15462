import type { ModelPath } from './found.ts';

/** A value of a service that Docker refuses. */
export interface ValueFault {
  /** From the service on. */
  readonly path: ModelPath;
  readonly value: string;
  readonly fault: string;
  readonly remedy: string;
}
