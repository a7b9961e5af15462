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

/** What is known of a rule before it finds anything. Each has a page in `docs/rules/`. */
export interface Rule {
  /** How grave its findings are, unless `rules` of `gitops.yml` says otherwise. */
  readonly level: Severity;
  /** What it sees, in one line. */
  readonly says: string;
  /** A deployment refuses it anyway, so nobody can lower its level. */
  readonly isFixed?: true;
}

/** Rules by id. */
export type Rules = Readonly<Record<string, Rule>>;
