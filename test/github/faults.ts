/** Something that goes wrong on the way, or on GitHub's side. */
export interface Fault {
  /** Any if left out. */
  readonly method?: string;
  /** The path without the query, or what is in it; any if left out. */
  readonly path?: string | RegExp;
  /** So many requests; 1 if left out. */
  readonly times?: number;
  /** The request waits for this before anything is done with it. */
  readonly until?: Promise<unknown>;
  /** Never answered; the connection stays open. */
  readonly hangs?: boolean;
  /** The connection breaks: before anything was done, after it, so that only the reply is lost, or within the reply. */
  readonly cut?: 'before' | 'after' | 'within';
  /** An answer in place of GitHub's. */
  readonly status?: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Faults in the order in which they were queued; each request takes the first that is for it. */
export class FaultQueue {
  readonly #queued: { readonly fault: Fault; left: number }[] = [];

  add(fault: Fault): void {
    this.#queued.push({ fault, left: fault.times ?? 1 });
  }

  take(method: string, path: string): Fault | undefined {
    const found = this.#queued.find(({ fault, left }) => left > 0 && isFor(fault, method, path));
    if (found) found.left--;
    return found?.fault;
  }
}

function isFor(fault: Fault, method: string, path: string): boolean {
  if (fault.method !== undefined && fault.method !== method) return false;
  if (fault.path === undefined) return true;
  return typeof fault.path === 'string' ? fault.path === path : fault.path.test(path);
}

/** What a crowd of requests is answered: GitHub's secondary limit. */
export function secondaryLimit(afterSeconds: number): Fault {
  const message = 'You have exceeded a secondary rate limit. Please wait a few minutes before you try again.';
  return { status: 403, body: refusal(403, message), headers: { 'retry-after': String(afterSeconds) } };
}

/** What is answered until the hour of the token is over. `reset` is in seconds since 1970. */
export function primaryLimit(reset: number): Fault {
  const headers = { 'x-ratelimit-limit': '1000', 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(reset) };
  return { status: 403, body: refusal(403, 'API rate limit exceeded for installation ID 1.'), headers };
}

/** The page that GitHub's balancers answer with. */
export function unavailable(status: 502 | 503 | 504 = 502): Fault {
  return { status, body: '<html><title>Unicorn!</title></html>', headers: { 'content-type': 'text/html' } };
}

/** How GitHub refuses. */
export function refusal(status: number, message: string): Readonly<Record<string, string>> {
  return { message, documentation_url: 'https://docs.github.com/rest', status: String(status) };
}
