import { cancelled } from '@gitops/core';

/** Aborts when somebody interrupts this process. */
export function interruptSignal(): AbortSignal {
  const controller = new AbortController();
  const stop = () => controller.abort(cancelled());
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
  return controller.signal;
}
