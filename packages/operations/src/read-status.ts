import { composeProvider } from '@gitops/compose';
import {
  type GitopsError,
  type Live,
  type Recorded,
  type Release,
  type Reporter,
  type Scope,
  scopesOf,
  type TransactionStatus,
} from '@gitops/core';
import { openEnvironment } from './open-environment.ts';
import { type Credentials, openSession } from './open-session.ts';
import { unreadable } from './unreadable.ts';

/** What is recorded on a host and what runs there, or why it could not be read. */
export type StatusReport = { readonly scope: Scope } & (
  | {
      readonly recorded: Recorded;
      readonly live: Live;
      readonly releases: readonly Release[];
      readonly transactions: readonly TransactionStatus[];
      readonly error?: never;
    }
  | { readonly error: GitopsError }
);

/**
 * Reads every host of an environment without changing anything there. One that can't be read is told; the others are read.
 * Throws `ConfigurationError` and `GitopsError` for what is wrong in the repository.
 */
export async function readStatus(
  directory: string,
  name: string,
  credentials: Credentials,
  reporter: Reporter,
  signal: AbortSignal,
): Promise<readonly StatusReport[]> {
  const { view, environment } = await openEnvironment(directory, name, reporter);
  const scopes = scopesOf(environment);
  // Whatever a health check says is shown, and it may say a secret.
  for (const scope of scopes) reporter.mask((await composeProvider.load(view, scope)).secrets);
  return Promise.all(scopes.map((scope) => readTarget(scope, credentials, signal)));
}

async function readTarget(scope: Scope, credentials: Credentials, signal: AbortSignal): Promise<StatusReport> {
  try {
    await using session = await openSession(scope, credentials, signal);
    const [recorded, live, history] = await Promise.all([session.recall(), session.observe(), session.history()]);
    return { scope, recorded, live, ...history };
  } catch (error) {
    return { scope, error: unreadable('status-unreadable', 'read the status of', scope, error) };
  }
}
