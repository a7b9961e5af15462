interface Waiter {
  readonly pattern: RegExp;
  readonly resolve: (match: RegExpExecArray) => void;
  readonly reject: (error: Error) => void;
}

/** Lets a test wait for what a process prints instead of for a time. */
export class LogWatch {
  #text = '';
  #closed = false;
  #waiters: Waiter[] = [];

  /** Takes one printed line. */
  write(line: string): void {
    this.#text += `${line}\n`;
    this.#waiters = this.#waiters.filter((waiter) => !this.#settle(waiter));
  }

  /** Says that nothing will be printed any more: whoever still waits is told so. */
  close(): void {
    this.#closed = true;
    for (const { pattern, reject } of this.#waiters.splice(0)) reject(this.#missing(pattern));
  }

  /** Resolves with the first match in everything printed so far, now or later. */
  waitFor(pattern: RegExp): Promise<RegExpExecArray> {
    const { promise, resolve, reject } = Promise.withResolvers<RegExpExecArray>();
    const waiter = { pattern, resolve, reject };
    if (this.#settle(waiter)) return promise;
    if (this.#closed) reject(this.#missing(pattern));
    else this.#waiters.push(waiter);
    return promise;
  }

  #settle({ pattern, resolve }: Waiter): boolean {
    const match = new RegExp(pattern.source, pattern.flags.replace(/[gy]/g, '')).exec(this.#text);
    if (match) resolve(match);
    return match !== null;
  }

  #missing(pattern: RegExp): Error {
    return new Error(`The process ended without printing ${pattern}. It printed:\n${this.#text}`);
  }
}
