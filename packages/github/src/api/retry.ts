import { type ApiReply, isSecondaryLimit } from './api-reply.ts';
import type { ApiRequest } from './github-api.ts';

const MOST_TRIES = 4;
const FIRST_WAIT_MS = 1000;
/** Whoever is asked to wait longer fails instead: jobs cost money while they wait. */
const LONGEST_WAIT_MS = 60_000;

/** How long to wait before the same is asked again after `tries` tries; `undefined`: it is not asked again. */
export function waitBeforeRetry(request: ApiRequest, reply: ApiReply, tries: number): number | undefined {
  if (!isIdempotent(request) || tries >= MOST_TRIES) return undefined;
  if (isSecondaryLimit(reply)) return waitAsked(reply);
  return reply.status === 0 || reply.status >= 500 ? FIRST_WAIT_MS * 2 ** (tries - 1) : undefined;
}

function isIdempotent({ method, isIdempotent: said }: ApiRequest): boolean {
  return said ?? method !== 'POST';
}

/** GitHub says how long; where it does not, a minute is what its documentation asks for. */
function waitAsked({ headers }: ApiReply): number | undefined {
  const seconds = Number(headers['retry-after'] ?? '60');
  const waitMs = Number.isFinite(seconds) ? seconds * 1000 : LONGEST_WAIT_MS;
  return waitMs <= LONGEST_WAIT_MS ? waitMs : undefined;
}
