import type { Permissions } from './permissions.ts';
import type { Account } from './state.ts';

/** Who asks, and what they may do. */
export interface Token {
  readonly account: Account;
  readonly permissions: Permissions;
}
