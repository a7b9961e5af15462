import type { BaseDifference, Plan } from '../model.ts';

/** How the planning of an environment ended. */
export type PlanOutcome =
  | 'planned'
  /** What runs is what the commit says. */
  | 'unchanged'
  /** By rule: something is blocked, or a running project is not ours. */
  | 'refused'
  /** A deployment would fail before any change: a port is taken, an image is missing. */
  | 'failed'
  /** A host could not be read. */
  | 'unknown'
  /** The files can't be deployed anywhere. */
  | 'invalid';

/** What merging a commit would do. Plain data, whose texts are redacted before: what is shown of them is changed to be harmless. */
export interface PlanReport {
  /** In the order in which they are shown. */
  readonly environments: readonly EnvironmentPlan[];
  readonly commit: string;
  /** The commit that it is to be merged into. */
  readonly base?: string;
  /** What is wrong in the files. */
  readonly findings: { readonly errors: number; readonly warnings: number };
  /** Where all of it can be read, `https://…`. */
  readonly summaryUrl?: string;
}

export interface EnvironmentPlan {
  readonly environment: string;
  readonly outcome: PlanOutcome;
  /** The hosts, separated by commas; empty if they are not known. */
  readonly host: string;
  readonly plan?: Plan;
  /** What went wrong, of every outcome but `planned` and `unchanged`. */
  readonly error?: { readonly code: string; readonly seen: string; readonly remedy: string };
  /** What the commit changes in the files; left out where nobody compared them. */
  readonly againstBase?: readonly BaseDifference[];
}
