import type { Evidence, Finding } from '../model.ts';

export type Level = 'info' | 'notice' | 'warning' | 'error';

/** Where a run tells what it does. */
export interface Reporter {
  /** From now on none of these values is shown, in whatever encoding. */
  mask(values: readonly string[]): void;
  /** The text without any value that is masked by now. */
  redact(text: string): string;
  say(level: Level, message: string): void;
  /** `folder` is that of the repository's root within its git work tree, empty or with a `/` at its end. */
  findings(findings: readonly Finding[], folder: string): void;
  /** What runs inside is shown as one part, which may be folded. */
  group<T>(title: string, work: () => Promise<T>): Promise<T>;
  /** One line of detail inside a group. */
  detail(line: string): void;
}

/** Time, so that tests own it. */
export interface Clock {
  /** Milliseconds of a clock that only goes forward. */
  now(): number;
  today(): Date;
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}

/** Asks a probe once, from the runner. */
export type Prober = (signal: AbortSignal) => Promise<readonly Evidence[]>;
