/** Why a script is stopped before its end. */
export type StopCause = 'deadline' | 'abort';

// A longer timer of Node fires at once.
const LONGEST_TIMER_MS = 2_147_483_647;

/** Calls `stop` when the time is over or the signal aborts, whichever is first. Returns what ends the watch. */
export function watchForStop(
  timeoutMs: number,
  signal: AbortSignal | undefined,
  stop: (cause: StopCause) => void,
): () => void {
  const timer = timeoutMs <= LONGEST_TIMER_MS ? setTimeout(() => stop('deadline'), timeoutMs) : undefined;
  const abort = () => stop('abort');
  signal?.addEventListener('abort', abort, { once: true });
  return () => {
    clearTimeout(timer);
    signal?.removeEventListener('abort', abort);
  };
}

/** A wait that came to no end by itself. */
export class StoppedError extends Error {
  readonly why: StopCause;

  constructor(why: StopCause, timeoutMs: number) {
    super(why === 'abort' ? 'it was cancelled' : `no answer within ${timeoutMs / 1000} s`);
    this.name = 'StoppedError';
    this.why = why;
  }
}

/** Waits for a promise until the time is over or the signal aborts; then rejects with a `StoppedError`. */
export function unlessStopped<T>(promise: Promise<T>, timeoutMs: number, signal: AbortSignal | undefined): Promise<T> {
  const stopped = Promise.withResolvers<never>();
  const stop = (why: StopCause) => stopped.reject(new StoppedError(why, timeoutMs));
  const endWatch = watchForStop(timeoutMs, signal, stop);
  if (signal?.aborted) stop('abort');
  return Promise.race([promise, stopped.promise]).finally(endWatch);
}
