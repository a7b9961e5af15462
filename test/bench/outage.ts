import { get } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

const EVERY_MS = 3;
/** While Docker changes its rules a connection is dropped, not refused, and the kernel tries again only after a second. */
const PATIENCE_MS = 100;

/** Asks a port again and again, each time on a new connection, and measures for how long it did not answer. */
export class Outage {
  readonly #url: string;
  readonly #over = new AbortController();
  readonly #asking: Promise<void>;
  #firstFailure: number | undefined;
  #end = 0;

  constructor(port: number) {
    this.#url = `http://127.0.0.1:${port}/`;
    this.#asking = this.#ask();
  }

  /** Resolves once the port answers again, with the milliseconds from the first failure to then. */
  async ended(): Promise<number> {
    while (this.#firstFailure === undefined || this.#end === 0) await sleep(EVERY_MS);
    this.#over.abort();
    await this.#asking;
    return this.#end - this.#firstFailure;
  }

  async #ask(): Promise<void> {
    while (!this.#over.signal.aborted) {
      const asked = performance.now();
      const good = await answers(this.#url);
      if (!good) {
        this.#firstFailure ??= asked;
        this.#end = 0;
      } else if (this.#firstFailure !== undefined && this.#end === 0) this.#end = performance.now();
      await sleep(EVERY_MS);
    }
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
