export type Severity = 'error' | 'warning' | 'info';

/** A place in a file of the repository. */
export type Place = Pick<Finding, 'file' | 'line' | 'column'>;

/** One thing somebody should mend in a file. `line` and `column` count from 1. */
export interface Finding {
  /** Kebab-case rule id, e.g. `config/unknown-key`. */
  readonly rule: string;
  readonly severity: Severity;
  /** Relative to the root of the repository, with `/`. */
  readonly file: string;
  readonly line?: number;
  readonly column?: number;
  /** What was seen. */
  readonly message: string;
  /** How to mend it. */
  readonly remedy: string;
}
