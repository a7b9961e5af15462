import { cancelled } from '@gitops/core';

/** The runner's patience ends after 7.5 s; what hangs by then is left alone. */
const LEAVE_MS = 6000;

/**
 * Aborts when the runner cancels the job: SIGINT first, SIGTERM 7.5 s later, and the end 2.5 s after that. The process ends before,
 * whatever hangs.
 */
export function cancelSignal(): AbortSignal {
  const controller = new AbortController();
  const cancel = () => {
    controller.abort(cancelled());
    setTimeout(() => process.exit(process.exitCode || 1), LEAVE_MS).unref();
  };
  process.once('SIGINT', cancel);
  process.once('SIGTERM', cancel);
  return controller.signal;
}
