import { cancelled } from '@gitops/core';

/** The runner of GitHub waits 7.5 s before it insists; what hangs by then is left alone. */
const LEAVE_MS = 6000;

/**
 * Aborts when this process is told to end: by Ctrl-C, or by a runner that cancels a job with SIGINT, with SIGTERM 7.5 s later and the
 * end 2.5 s after that. The process ends before, whatever hangs.
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
