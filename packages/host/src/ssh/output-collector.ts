import type { ScriptResult } from './remote-script.ts';

const STDERR_KEPT_BYTES = 64 * 1024;

/** Keeps what a script writes: all of standard output, if wanted, and the end of standard error. */
export class OutputCollector {
  readonly #keepStdout: boolean;
  readonly #stdout: Buffer[] = [];
  #stderr: Buffer = Buffer.alloc(0);

  constructor(keepStdout: boolean) {
    this.#keepStdout = keepStdout;
  }

  addStdout(chunk: Buffer): void {
    if (this.#keepStdout) this.#stdout.push(chunk);
  }

  addStderr(chunk: Buffer): void {
    this.#stderr = Buffer.concat([this.#stderr, chunk]).subarray(-STDERR_KEPT_BYTES);
  }

  /** The last line of standard error, for error messages. */
  get lastWords(): string {
    return this.#stderr.toString().trim().split('\n').at(-1) ?? '';
  }

  result(code: number): ScriptResult {
    return { code, stdout: Buffer.concat(this.#stdout), stderr: this.#stderr.toString() };
  }
}
