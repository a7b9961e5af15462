import { type GitopsError, type Reporter, type Scope, scopesOf } from '@gitops/core';
import { openEnvironment } from './open-environment.ts';
import { type Credentials, openSession } from './open-session.ts';
import { unreadable } from './unreadable.ts';

export interface AuditRequest extends Credentials {
  readonly directory: string;
  readonly environment: string;
  readonly reporter: Reporter;
  readonly signal: AbortSignal;
  /** Only the newest lines; left out: all. */
  readonly lines?: number;
}

/** The audit trail of one target, or why it could not be read. */
export type AuditReport = { readonly scope: Scope } & (
  | { readonly trail: Buffer; readonly error?: never }
  | { readonly error: GitopsError; readonly trail?: never }
);

/** Reads the audit trail of every target. One that can't be read is told; the others are read. */
export async function readAudit(request: AuditRequest): Promise<readonly AuditReport[]> {
  const { environment } = await openEnvironment(request.directory, request.environment, request.reporter);
  return Promise.all(scopesOf(environment).map((scope) => readTrail(scope, request)));
}

async function readTrail(scope: Scope, request: AuditRequest): Promise<AuditReport> {
  try {
    await using session = await openSession(scope, request, request.signal);
    return { scope, trail: await session.auditTrail(request.lines) };
  } catch (error) {
    return { scope, error: unreadable('audit-unreadable', 'read the audit trail on', scope, error) };
  }
}
