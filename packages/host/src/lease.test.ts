import type { LeaseRequest } from '@gitops/core';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { acquireLease } from './lease.ts';
import type { Connection } from './ssh/index.ts';

const request: LeaseRequest = {
  holder: { holder: 'anna', reason: 'deploy lab', since: '', commit: '' },
  purpose: 'automatic',
  ancestors: [],
  waitMs: 5000,
  renewalMs: 10_000,
  signal: new AbortController().signal,
  onBusy: () => {},
};

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A host whose keeper says these lines, and then neither speaks nor ends. */
function hanging(...said: readonly string[]): Connection {
  const never = new Promise<never>(() => {});
  const lines = async function* (): AsyncGenerator<string> {
    yield* said;
    await never;
  };
  const keeper = { lines: lines(), write: () => {}, end: () => {}, done: never };
  return {
    label: 'gitops@docker.example.com:22',
    run: () => never,
    open: async () => keeper,
    close: () => {},
    [Symbol.asyncDispose]: async () => {},
  };
}

it('a claim that a host does not answer is given up', async () => {
  const claimed = expect(acquireLease(hanging(), '/state/lab/lab', request)).rejects.toMatchObject({
    code: 'host-silent',
  });
  await vi.advanceTimersByTimeAsync(60_000);
  await claimed;
});

it.each(['release', 'keep'] as const)(
  'a lease is left to expire where the host does not answer its %s',
  async (word) => {
    const lease = await acquireLease(hanging('held 7'), '/state/lab/lab', request);
    expect(lease.fence).toBe(7);
    const done = expect(lease[word]()).rejects.toMatchObject({ code: 'host-silent' });
    await vi.advanceTimersByTimeAsync(60_000);
    await done;
  },
);
