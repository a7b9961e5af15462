import { readFileSync } from 'node:fs';
import { GitopsError } from '@gitops/core';
import type { RemoteScript } from '../remote-script.ts';

/** A script with what every test would repeat. */
export function script(text: string, more: Partial<RemoteScript> = {}): RemoteScript {
  return { what: 'try a script', script: text, timeoutMs: 30_000, ...more };
}

/** The error that a promise is expected to end with. */
export async function errorOf(promise: Promise<unknown>): Promise<GitopsError> {
  const outcome = await promise.catch((error: unknown) => error);
  if (outcome instanceof GitopsError) return outcome;
  throw new Error(`expected a GitopsError, got ${JSON.stringify(outcome)}`);
}

/** Whether a process of this machine runs; a zombie does not. */
export function isRunning(pid: number): boolean {
  try {
    return !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

/** A script that prints the number of a process first, so that a test can look for that process. */
export function talkative(
  text: string,
  more: Partial<RemoteScript> = {},
): { script: RemoteScript; said: Promise<number> } {
  const { promise, resolve } = Promise.withResolvers<number>();
  return { script: script(text, { ...more, onStdout: (chunk) => resolve(Number(chunk.toString())) }), said: promise };
}
