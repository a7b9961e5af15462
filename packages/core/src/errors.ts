import type { Finding, LeaseHolder, Outcome, Plan } from './model.ts';
import { oneLine } from './printable.ts';
import { shortCommit } from './short-commit.ts';

/** What the person who reads an error at night needs to know. */
export interface Facts {
  /** What was attempted, on what: `connect to docker.example.com:22`. */
  readonly attempted: string;
  /** What was seen instead. */
  readonly seen: string;
  /** What to do next. */
  readonly remedy: string;
  readonly cause?: unknown;
}

/** Every error of ours. `code` is stable and for machines, the rest is for people. */
export class GitopsError extends Error {
  readonly code: string;
  readonly attempted: string;
  readonly seen: string;
  readonly remedy: string;

  constructor(code: string, facts: Facts) {
    super(`Could not ${facts.attempted}: ${facts.seen}\n  → ${facts.remedy}`, { cause: facts.cause });
    this.name = 'GitopsError';
    this.code = code;
    this.attempted = facts.attempted;
    this.seen = facts.seen;
    this.remedy = facts.remedy;
  }
}

/** The files of the repository do not say something that can be deployed. */
export class ConfigurationError extends GitopsError {
  readonly findings: readonly Finding[];
  /** The folder of the repository's root within its git work tree, empty or with a `/` at its end. */
  readonly folder: string;

  constructor(findings: readonly Finding[], folder = '') {
    const errors = findings.filter((finding) => finding.severity === 'error');
    super('configuration', {
      attempted: 'read the configuration',
      seen: listed(errors.map(describeFinding)),
      remedy: 'mend the files named above; nothing was changed on any host',
    });
    this.name = 'ConfigurationError';
    this.findings = findings;
    this.folder = folder;
  }
}

/** One behind the colon; several below each other, so that none is overlooked. Targets may share a finding. */
function listed(findings: readonly string[]): string {
  const each = [...new Set(findings)];
  return each.length < 2 ? each.join() : [`${each.length} mistakes`, ...each].join('\n  ');
}

/** A path of the repository, or a link on its way, leads to somewhere else. */
export class PathOutsideError extends GitopsError {
  /** Relative to the root of the repository. */
  readonly path: string;

  constructor(path: string, facts: Facts) {
    super('path-outside', facts);
    this.name = 'PathOutsideError';
    this.path = path;
  }
}

/** The host must not be changed now, by rule: a lease, a stale plan, a policy, a project that is not ours. */
export class RefusedError extends GitopsError {
  /** Who holds the lease. */
  readonly holder?: LeaseHolder;
  /** What would have been done. */
  readonly plan?: Plan;

  constructor(
    code: 'lease' | 'stale-plan' | 'policy' | 'not-adopted',
    facts: Facts,
    said: Pick<RefusedError, 'holder' | 'plan'> = {},
  ) {
    super(code, facts);
    this.name = 'RefusedError';
    Object.assign(this, said);
  }
}

/** A newer commit waits for the same lease: this run has nothing more to do. */
export class SupersededError extends GitopsError {
  constructor(newer: Pick<LeaseHolder, 'holder' | 'commit'>, on: string) {
    super('superseded', {
      attempted: `take the lease of the environment on ${on}`,
      seen: `${newer.holder} waits for it with the newer commit ${shortCommit(newer.commit)}`,
      remedy: 'see what that run does',
    });
    this.name = 'SupersededError';
  }
}

/** The transaction did not start, for certain: nothing that runs was changed. */
export class NotBegunError extends GitopsError {
  constructor(facts: Facts) {
    super('not-begun', facts);
    this.name = 'NotBegunError';
  }
}

/** Why a run ends before its time; the reason of the signal that ends it. */
export function cancelled(): GitopsError {
  return new GitopsError('cancelled', {
    attempted: 'finish the run',
    seen: 'it was cancelled',
    remedy: 'run again to deploy; if anything had begun on the host, the host puts it back',
  });
}

/** `file:line:column: message → remedy [rule]`, in one line whatever the files say. */
export function describeFinding(finding: Finding): string {
  const place = [finding.file, finding.line, finding.column].filter((part) => part !== undefined).join(':');
  return oneLine(`${place}: ${finding.message} → ${finding.remedy} [${finding.rule}]`);
}

/** What an error says, whatever was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The outcome of a run that ended with this error before anything was changed. */
export function outcomeBeforeChange(error: unknown): Outcome {
  return error instanceof RefusedError ? 'refused' : 'failed-before-change';
}
