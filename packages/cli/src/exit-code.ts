import { GitopsError, type Outcome, outcomeBeforeChange, type VerdictName } from '@gitops/core';

export const EXIT_DONE = 0;
export const EXIT_FAILED = 1;
export const EXIT_USAGE = 2;
export const EXIT_REFUSED = 4;
export const EXIT_UNKNOWN = 5;

/** Errors that are the user's to mend in the files or on the command line. */
const USAGE_CODES: ReadonlySet<string> = new Set([
  'configuration',
  'variable-unset',
  'path-outside',
  'path-unsupported',
  'source-missing',
  'file-missing',
  'known-hosts',
  'input',
  'exists',
  'identity',
  'ssh-private-key',
  'ssh-agent',
  'not-a-repository',
  'unsafe-repository',
  'unsupported',
]);

/** A SOPS file, or the key to it, is not what it should be. */
const SECRETS = /^sops-/;

/** The target could not be read: what runs there is not known. */
const UNREADABLE = /^(?:ssh|docker|audit)-/;

/** The exit code that goes with an outcome. What was left unchanged must not be unhealthy, as in the deploy action. */
export function exitCodeOf(outcome: Outcome, errorCode: string | undefined, verdict?: VerdictName): number {
  switch (outcome) {
    case 'unchanged':
      return verdict === 'unhealthy' ? EXIT_FAILED : EXIT_DONE;
    case 'deployed':
    case 'planned':
    case 'superseded':
      return EXIT_DONE;
    case 'refused':
      return EXIT_REFUSED;
    case 'unknown':
      return EXIT_UNKNOWN;
    case 'failed-before-change':
      return beforeChange(errorCode ?? '');
    case 'rolled-back':
    case 'rollback-failed':
    case 'frozen':
      return EXIT_FAILED;
  }
}

/** The exit code of a command that ended with an error before it had an outcome. */
export function exitCodeOfError(error: unknown): number {
  return exitCodeOf(outcomeBeforeChange(error), error instanceof GitopsError ? error.code : undefined);
}

/** The exit code of a command that read several targets, by the errors of those that could not be read. */
export function exitCodeOfReading(errors: readonly GitopsError[]): number {
  if (errors.length === 0) return EXIT_DONE;
  return errors.every((error) => exitCodeOfError(error) === EXIT_USAGE) ? EXIT_USAGE : EXIT_UNKNOWN;
}

function beforeChange(errorCode: string): number {
  if (USAGE_CODES.has(errorCode) || SECRETS.test(errorCode)) return EXIT_USAGE;
  return UNREADABLE.test(errorCode) ? EXIT_UNKNOWN : EXIT_FAILED;
}
