import type { Environment, Live, Recorded, Release, Reporter, TransactionStatus } from '@gitops/core';
import { openSession } from './deploy-environment.ts';
import { openEnvironment } from './open-environment.ts';

export interface Credentials {
  readonly privateKey: string;
  readonly knownHosts: string;
}

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
  const { environment } = await openEnvironment(directory, name, reporter);
  await using session = await openSession(environment, credentials, signal);
  const [recorded, live, history] = await Promise.all([session.recall(), session.observe(), session.history()]);
  return { environment, recorded, live, ...history };
}
