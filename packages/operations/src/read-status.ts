import { composeProvider } from '@gitops/compose';
import type { Environment, Live, Recorded, Release, Reporter, TransactionStatus } from '@gitops/core';
import { openEnvironment } from './open-environment.ts';
import { type Credentials, openSession } from './open-session.ts';

/** What is recorded on the host and what runs there. Read-only. */
export interface StatusReport {
  readonly environment: Environment;
  readonly recorded: Recorded;
  readonly live: Live;
  readonly releases: readonly Release[];
  readonly transactions: readonly TransactionStatus[];
}

/** Reads an environment's host without changing anything there. */
export async function readStatus(
  directory: string,
  name: string,
  credentials: Credentials,
  reporter: Reporter,
  signal: AbortSignal,
): Promise<StatusReport> {
  const { view, environment } = await openEnvironment(directory, name, reporter);
  // Whatever a health check says is shown, and it may say a secret.
  reporter.mask((await composeProvider.load(view, environment)).secrets);
  await using session = await openSession(environment, credentials, signal);
  const [recorded, live, history] = await Promise.all([session.recall(), session.observe(), session.history()]);
  return { environment, recorded, live, ...history };
}
