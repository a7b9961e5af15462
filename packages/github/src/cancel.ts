import { cancelled } from '@gitops/core';

/** Aborts when the runner cancels the job: SIGINT first, SIGTERM 7.5 s later, and the end 2.5 s after that. */
export function cancelSignal(): AbortSignal {
  const controller = new AbortController();
  const cancel = () => controller.abort(cancelled());
  process.once('SIGINT', cancel);
  process.once('SIGTERM', cancel);
  return controller.signal;
}
