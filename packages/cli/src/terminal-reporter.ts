import { styleText } from 'node:util';
import { describeFinding, type Finding, type Level, oneLine, type Redactor, type Reporter } from '@gitops/core';
import { printed } from './printed.ts';

/** Where text goes: a terminal, a pipe, or a test. */
export interface Screen {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  /** Of a terminal. */
  readonly columns?: number;
}

/** Where nothing is shown, as standard output is for JSON. */
export const SILENT: Screen = { write: () => true };

const COLOUR = { info: 'reset', notice: 'cyan', warning: 'yellow', error: 'red' } as const satisfies Record<
  Level,
  string
>;

/** Tells a run in a terminal: the newest detail in one line that is written over; plain lines elsewhere. */
export class TerminalReporter implements Reporter {
  readonly #screen: Screen;
  readonly #redactor: Redactor;
  #fleeting = false;

  constructor(screen: Screen, redactor: Redactor) {
    this.#screen = screen;
    this.#redactor = redactor;
  }

  mask(values: readonly string[]): void {
    this.#redactor.add(values);
  }

  redact(text: string): string {
    return this.#redactor.redact(text);
  }

  say(level: Level, message: string): void {
    const text = printed(this.#redactor.redact(message));
    this.#line(this.#screen.isTTY ? styleText(COLOUR[level], text) : text);
  }

  /** Says a text with colours, in which nothing else steers a terminal: `describePlan` sees to that. */
  sayPainted(text: string): void {
    const shown = this.#redactor.redact(text);
    this.#line(this.#screen.isTTY ? shown : printed(shown));
  }

  findings(findings: readonly Finding[], folder: string): void {
    for (const finding of findings) {
      const { severity, file, message } = finding;
      const level = severity === 'info' ? 'notice' : severity;
      this.say(level, describeFinding({ ...finding, file: folder + file, message: `${severity}: ${message}` }));
    }
  }

  async group<T>(title: string, work: () => Promise<T>): Promise<T> {
    const text = printed(oneLine(title));
    this.#line(this.#screen.isTTY ? styleText('bold', text) : text);
    try {
      return await work();
    } finally {
      this.clear();
    }
  }

  detail(line: string): void {
    const text = printed(`  ${oneLine(this.#redactor.redact(line))}`);
    if (this.#screen.isTTY) this.#showFleeting(text);
    else this.#line(text);
  }

  /** Takes the fleeting line away. */
  clear(): void {
    if (this.#fleeting) this.#screen.write('\r\u001b[K');
    this.#fleeting = false;
  }

  #showFleeting(text: string): void {
    this.clear();
    // A line that wraps could not be taken away again.
    const width = Math.min(110, (this.#screen.columns || 80) - 1);
    this.#screen.write(styleText('dim', text.slice(0, width)));
    this.#fleeting = true;
  }

  #line(text: string): void {
    this.clear();
    this.#screen.write(`${text}\n`);
  }
}
