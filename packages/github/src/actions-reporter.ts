import * as core from '@actions/core';
import { type Finding, type Level, oneLine, printable, type Redactor, type Reporter } from '@gitops/core';
import { annotationsOf } from './annotations.ts';
import { withoutCommands } from './without-commands.ts';

/** How each level is told. */
const SAY: Readonly<Record<Level, (text: string, place?: core.AnnotationProperties) => void>> = {
  info: core.info,
  notice: core.notice,
  warning: core.warning,
  error: core.error,
};

/** Tells a run as a log of GitHub Actions: groups, annotations, masks. */
export class ActionsReporter implements Reporter {
  readonly #redactor: Redactor;

  constructor(redactor: Redactor) {
    this.#redactor = redactor;
  }

  mask(values: readonly string[]): void {
    for (const form of this.#redactor.add(values)) core.setSecret(form);
  }

  redact(text: string): string {
    return this.#redactor.redact(text);
  }

  say(level: Level, message: string): void {
    SAY[level](this.#shown(message));
  }

  findings(findings: readonly Finding[], folder: string): void {
    for (const { level, title, message, file, line, column } of annotationsOf(findings)) {
      const place = {
        file: oneLine(folder + file),
        ...(line !== undefined && { startLine: line }),
        ...(column !== undefined && { startColumn: column }),
      };
      SAY[level](this.#shown(message), { ...place, title });
    }
  }

  async group<T>(title: string, work: () => Promise<T>): Promise<T> {
    core.startGroup(this.#shown(title));
    try {
      return await work();
    } finally {
      core.endGroup();
    }
  }

  detail(line: string): void {
    core.info(this.#shown(line));
  }

  /** Plain lines are read by the runner too, and what a host or a container said must not talk to it, nor to a terminal that shows the log. */
  #shown(text: string): string {
    return withoutCommands(printable(this.#redactor.redact(text)));
  }
}
