import { cancelled } from '@gitops/core';

/** What hangs by then is left alone. */
const LEAVE_MS = 6000;

/** Aborts when somebody interrupts this process, which ends soon after that, whatever hangs. */
export function interruptSignal(): AbortSignal {
  const controller = new AbortController();
  const stop = () => {
    controller.abort(cancelled());
    setTimeout(() => process.exit(process.exitCode || 1), LEAVE_MS).unref();
  };
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
  return controller.signal;
}
