/** Lines of UTF-8 text, taken out of chunks of bytes, waiting to be read. Only `\n` ends a line. */
export class LineQueue implements AsyncIterable<string> {
  readonly #lines: string[] = [];
  #rest: Buffer = Buffer.alloc(0);
  #end: { readonly error?: unknown } | undefined;
  #changed = Promise.withResolvers<void>();

  push(chunk: Buffer): void {
    let bytes = this.#rest.length > 0 ? Buffer.concat([this.#rest, chunk]) : chunk;
    for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10)) {
      this.#lines.push(bytes.toString('utf8', 0, at));
      bytes = bytes.subarray(at + 1);
    }
    this.#rest = bytes;
    this.#wake();
  }

  /** Ends the lines; a last one without its `\n` counts. */
  end(): void {
    if (this.#rest.length > 0) this.#lines.push(this.#rest.toString());
    this.#finish({});
  }

  /** Lets the reader have what is left, then throws the error to it. */
  fail(error: unknown): void {
    this.#finish({ error });
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<string, void, undefined> {
    while (true) {
      const line = this.#lines.shift();
      if (line !== undefined) yield line;
      else if (this.#end) break;
      else await this.#changed.promise;
    }
    if (this.#end.error) throw this.#end.error;
  }

  #finish(end: { readonly error?: unknown }): void {
    this.#end ??= end;
    this.#rest = Buffer.alloc(0);
    this.#wake();
  }

  #wake(): void {
    const { resolve } = this.#changed;
    this.#changed = Promise.withResolvers<void>();
    resolve();
  }
}
