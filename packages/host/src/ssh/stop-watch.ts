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
