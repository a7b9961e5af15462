/** Hands on whole lines as they come; the last part, which is for the program, is not shown. */
export class LineSplitter {
  readonly #onLine: (line: string) => void;
  #rest = '';
  #over = false;

  constructor(onLine: (line: string) => void) {
    this.#onLine = onLine;
  }

  write(chunk: Buffer): void {
    const whole = (this.#rest + chunk.toString('utf8')).split('\n');
    this.#rest = whole.pop() ?? '';
    for (const line of whole) {
      if (line === '@@status') this.#over = true;
      if (!this.#over && line.trim() !== '') this.#onLine(line);
    }
  }
}
