import { GitopsError, messageOf, type Scope } from '@gitops/core';

/** Why something of a host could not be read: `error` itself where it says so already. `what` begins with a verb. */
export function unreadable(code: string, what: string, { target }: Scope, error: unknown): GitopsError {
  if (error instanceof GitopsError) return error;
  return new GitopsError(code, {
    attempted: `${what} ${target.host}`,
    seen: messageOf(error),
    remedy: 'look whether the host answers, and try again',
    cause: error,
  });
}
