import type { Finding } from '../model.ts';
import type { Level, Reporter } from '../ports.ts';

/** Keeps what a run tells. */
export class RecordingReporter implements Reporter {
  readonly masked: string[] = [];
  readonly said: string[] = [];
  readonly found: Finding[] = [];
  readonly details: string[] = [];

  mask(values: readonly string[]): void {
    this.masked.push(...values);
  }

  redact(text: string): string {
    return this.masked.reduce((rest, value) => rest.replaceAll(value, '***'), text);
  }

  say(level: Level, message: string): void {
    this.said.push(`${level}: ${message}`);
  }

  findings(findings: readonly Finding[]): void {
    this.found.push(...findings);
  }

  group<T>(_title: string, work: () => Promise<T>): Promise<T> {
    return work();
  }

  detail(line: string): void {
    this.details.push(line);
  }
}
