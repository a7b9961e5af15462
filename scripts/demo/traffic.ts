import { get } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

/** How visitors fared: what was answered with 200, and what was not. */
export interface Traffic {
  readonly answered: number;
  readonly failed: number;
}

const EVERY_MS = 20;
const PATIENCE_MS = 2000;

/** Asks for `url` again and again, on a new connection each time, for as long as `work` takes. */
export async function underTraffic<T>(url: string, work: () => Promise<T>): Promise<{ value: T; traffic: Traffic }> {
  const traffic = { answered: 0, failed: 0 };
  const over = new AbortController();
  const visitors = visit(url, traffic, over.signal);
  try {
    const value = await work();
    return { value, traffic };
  } finally {
    over.abort();
    await visitors;
  }
}

async function visit(url: string, traffic: { answered: number; failed: number }, over: AbortSignal): Promise<void> {
  while (!over.aborted) {
    if (await answers(url)) traffic.answered++;
    else traffic.failed++;
    await sleep(EVERY_MS);
  }
}

function answers(url: string): Promise<boolean> {
  return new Promise((resolve) => {
    const request = get(url, { agent: false, signal: AbortSignal.timeout(PATIENCE_MS) }, (response) => {
      response.once('end', () => resolve(response.statusCode === 200)).once('error', () => resolve(false));
      response.resume();
    });
    request.once('error', () => resolve(false));
  });
}
