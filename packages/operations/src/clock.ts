import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from '@gitops/core';

/** Time as it is. */
export const CLOCK: Clock = {
  now: () => performance.now(),
  today: () => new Date(),
  sleep: async (ms, signal) => {
    await sleep(ms, undefined, { signal });
  },
};
