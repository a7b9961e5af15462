import * as core from '@actions/core';
import type { Finding, Level, Redactor, Reporter } from '@gitops/core';

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
    const text = this.#redactor.redact(message);
    SAY[level](text);
  }

  finding({ severity, file, line, column, message, remedy, rule }: Finding): void {
    const place = {
      file,
      ...(line !== undefined && { startLine: line }),
      ...(column !== undefined && { startColumn: column }),
    };
    const level = severity === 'info' ? 'notice' : severity;
    SAY[level](this.#redactor.redact(`${message} → ${remedy}`), { ...place, title: rule });
  }

  async group<T>(title: string, work: () => Promise<T>): Promise<T> {
    core.startGroup(title);
    try {
      return await work();
    } finally {
      core.endGroup();
    }
  }

  detail(line: string): void {
    core.info(this.#redactor.redact(line));
  }
}
