import type { ComposeSession } from '@gitops/compose';
import {
  type Environment,
  type GitopsError,
  type Lease,
  type LeaseHolder,
  type LeaseRequest,
  LONGEST_RENEWAL_MS,
  type Reporter,
  type Scope,
  scopesOf,
  tellHolder,
} from '@gitops/core';
import { openEnvironment } from './open-environment.ts';
import { type Credentials, openSession } from './open-session.ts';
import { unreadable } from './unreadable.ts';

/** Who asks for something on an environment, and how. */
export interface EnvironmentRequest extends Credentials {
  readonly workingDirectory: string;
  readonly environment: string;
  readonly reporter: Reporter;
  readonly signal: AbortSignal;
  /** Who asks, e.g. `anna@laptop`. */
  readonly actor: string;
}

/** What came of it on a target, or why it could not be done there. */
export type OnTarget<Result> = { readonly scope: Scope } & (
  | { readonly result: Result; readonly error?: never }
  | { readonly error: GitopsError; readonly result?: never }
);

/** A connected target of an environment. */
export interface UsedTarget {
  readonly scope: Scope;
  readonly session: ComposeSession;
}

/**
 * Does the same on every target of an environment, one after the other in the order of their names. What fails on one is told with
 * it, and the others go on. `what` begins with a verb: `lock`.
 */
export async function onEveryTarget<Result>(
  request: EnvironmentRequest,
  what: string,
  work: (target: UsedTarget, environment: Environment) => Promise<Result>,
): Promise<readonly OnTarget<Result>[]> {
  const { environment } = await openEnvironment(request.workingDirectory, request.environment, request.reporter);
  const done: OnTarget<Result>[] = [];
  for (const scope of scopesOf(environment)) {
    try {
      await using session = await openSession(scope, request, request.signal);
      done.push({ scope, result: await work({ scope, session }, environment) });
    } catch (error) {
      done.push({ scope, error: unreadable('not-done', `${what} ${environment.name} on`, scope, error) });
    }
  }
  return done;
}

/** What a lease says of who asks. */
export function holderOf(
  { actor, reporter }: EnvironmentRequest,
  reason: string,
): Omit<LeaseHolder, 'fence' | 'purpose'> {
  return {
    holder: reporter.redact(actor),
    reason: reporter.redact(reason),
    since: new Date().toISOString(),
    commit: '',
  };
}

/** Takes the lease of a target. */
export function claimOn(
  { reporter, signal }: EnvironmentRequest,
  { session }: UsedTarget,
  asked: Pick<LeaseRequest, 'holder' | 'purpose' | 'waitMs'>,
): Promise<Lease> {
  return session.claim({
    ...asked,
    ancestors: [],
    renewalMs: LONGEST_RENEWAL_MS,
    signal,
    onBusy: tellHolder(reporter, session.label),
  });
}

/** Of what is not measured. */
export function untimed<T>(_phase: string, work: () => Promise<T>): Promise<T> {
  return work();
}
