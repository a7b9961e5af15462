import { GitopsError } from '@gitops/core';

/** The caller gave up, for example as the job was cancelled. */
export function abortedError(attempted: string, cause: unknown): GitopsError {
  return new GitopsError('ssh-aborted', {
    attempted,
    seen: 'it was cancelled',
    remedy: 'nothing to mend; run it again when you want to',
    cause,
  });
}
