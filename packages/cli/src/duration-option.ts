import { durationMs, GitopsError } from '@gitops/core';

/** Milliseconds of what an option says: `30s`. Throws `GitopsError` `input`. */
export function readDuration(option: string, said: string): number {
  const ms = durationMs(said);
  if (!Number.isNaN(ms)) return ms;
  throw new GitopsError('input', {
    attempted: `read ${option}`,
    seen: said,
    remedy: 'use a number with a unit: 30s, 10m or 1h',
  });
}
