import { ComposeSession } from '@gitops/compose';
import type { Scope } from '@gitops/core';
import { type Connection, callingDocker, connect, type IdentitySources, stoppedBy } from '@gitops/host';

/** How to log in to a target, and by what to know it. */
export interface Credentials extends IdentitySources {
  /** Empty: the environment's own file. */
  readonly knownHosts: string;
  /** What `knownHosts` is called in messages: an input, or a path. */
  readonly knownHostsSource: string;
}

/** Opens one connection to a target. */
export async function openSession(
  scope: Scope,
  credentials: Credentials,
  signal: AbortSignal,
): Promise<ComposeSession> {
  return new ComposeSession(await openConnection(scope, credentials, signal), scope, signal);
}

/** The same, for what is asked of a host beside its stacks. Scripts end when `signal` aborts. */
export async function openConnection(scope: Scope, credentials: Credentials, signal: AbortSignal): Promise<Connection> {
  const { host, port, user, docker, jump = [] } = scope.target;
  const login = { host, port, user, jump, ...identity(credentials) };
  const connection = await connect({ ...login, ...pins(scope, credentials), signal });
  return stoppedBy(callingDocker(connection, docker), signal);
}

function identity({ keys, agentSocket, askPassphrase }: Credentials): IdentitySources {
  return { keys, ...(agentSocket && { agentSocket }), ...(askPassphrase && { askPassphrase }) };
}

function pins({ environment }: Scope, { knownHosts, knownHostsSource }: Credentials) {
  if (knownHosts.trim() !== '') return { knownHosts, knownHostsSource };
  return {
    knownHosts: environment.knownHosts ?? '',
    knownHostsSource: `environments/${environment.name}/known_hosts`,
  };
}
