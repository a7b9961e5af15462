import type { Connection } from './ssh/index.ts';

/**
 * A connection whose scripts end when `signal` aborts, on the host too. What is opened to be talked with, and what has a signal of
 * its own, goes on: a lease is held, and an order is given, until the very end.
 */
export function stoppedBy(connection: Connection, signal: AbortSignal): Connection {
  return { ...connection, run: (script) => connection.run({ signal, ...script }) };
}

/** For scripts that are run all the more when a run is to end. */
export const TO_THE_END: AbortSignal = new AbortController().signal;
