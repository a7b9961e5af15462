import { type CheckedHost, checkHost } from '@gitops/compose';
import { connect, type IdentitySources } from '@gitops/host';
import type { InitAnswers } from './answers.ts';

/** By what to log in, and lines of known_hosts that pin the host. */
export interface TargetLogin extends IdentitySources {
  readonly knownHosts: string;
}

/** Logs in to the host and looks whether it is fit for deployments. Changes nothing there. Throws what `connect` throws. */
export async function checkTarget(
  { host, port, user, stateDir }: InitAnswers,
  login: TargetLogin,
  signal: AbortSignal,
): Promise<CheckedHost> {
  await using connection = await connect({ host, port, user, ...login, signal });
  return await checkHost(connection, { user, stateDir });
}
