const pending = new Set<() => void>();
let listening = false;

/**
 * Registers a synchronous clean-up for the case that the process ends before the owner could dispose of its thing, as after
 * a failed test file. The returned function takes the registration back.
 */
export function atExit(cleanUp: () => void): () => void {
  if (!listening) listen();
  pending.add(cleanUp);
  return () => pending.delete(cleanUp);
}

/** Vitest ends its workers with SIGTERM, which by itself skips the `exit` event. */
function listen(): void {
  listening = true;
  process.once('exit', cleanUpAll);
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.once(signal, () => process.exit(1));
}

/** One clean-up that fails must not keep the others from running. */
function cleanUpAll(): void {
  for (const cleanUp of pending) {
    try {
      cleanUp();
    } catch (error) {
      console.error('A test could not clean up at exit:', error);
    }
  }
}
