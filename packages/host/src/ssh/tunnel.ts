import { GitopsError } from '@gitops/core';
import type { ClientChannel } from 'ssh2';
import { abortedError } from './aborted.ts';
import type { Link } from './link.ts';
import type { Endpoint } from './socket.ts';
import { StoppedError, unlessStopped } from './stop-watch.ts';

/**
 * Opens a TCP connection from a jump host to the next host.
 *
 * @throws GitopsError `ssh-connect`, `ssh-jump`, `ssh-lost` or `ssh-aborted`
 */
export async function openTunnel(via: Link, endpoint: Endpoint): Promise<ClientChannel> {
  const opening = via.openTunnel(endpoint.host, endpoint.port);
  try {
    return await unlessStopped(opening, endpoint.connectTimeoutMs, endpoint.signal);
  } catch (cause) {
    // It may still open, when nobody waits for it any more.
    opening.then(
      (channel) => channel.close(),
      () => {},
    );
    throw tunnelError(via, endpoint, cause);
  }
}

function tunnelError(via: Link, endpoint: Endpoint, cause: unknown): GitopsError {
  if (via.lost !== undefined) return lostError(via, endpoint, via.lost, cause);
  if (cause instanceof StoppedError) {
    const aborted = cause.why === 'abort';
    if (aborted) return abortedError(attempt(via, endpoint), endpoint.signal?.reason);
    return connectError(via, endpoint, cause.message, cause);
  }
  const said = cause instanceof Error ? cause.message.replace('(SSH) Channel open failure: ', '') : String(cause);
  return isProhibited(cause) ? forbiddenError(via, endpoint, said, cause) : connectError(via, endpoint, said, cause);
}

/** SSH_OPEN_ADMINISTRATIVELY_PROHIBITED of RFC 4254 §5.1. */
function isProhibited(cause: unknown): boolean {
  return cause instanceof Error && 'reason' in cause && cause.reason === 1;
}

function connectError(via: Link, endpoint: Endpoint, seen: string, cause: unknown): GitopsError {
  return new GitopsError('ssh-connect', {
    attempted: attempt(via, endpoint),
    seen: `the jump host could not connect: ${seen}`,
    remedy: `check on the jump host that \`nc -vz ${endpoint.host} ${endpoint.port}\` connects: the name is looked up there, and a firewall must let it through from there`,
    cause,
  });
}

function forbiddenError(via: Link, endpoint: Endpoint, seen: string, cause: unknown): GitopsError {
  return new GitopsError('ssh-jump', {
    attempted: attempt(via, endpoint),
    seen: `the jump host forbids it: ${seen}`,
    remedy:
      'allow it in sshd_config of the jump host (AllowTcpForwarding, PermitOpen, DisableForwarding) and in its authorized_keys (no-port-forwarding, restrict)',
    cause,
  });
}

function lostError(via: Link, endpoint: Endpoint, why: string, cause: unknown): GitopsError {
  return new GitopsError('ssh-lost', {
    attempted: attempt(via, endpoint),
    seen: `the connection to the jump host was lost: ${why}`,
    remedy: 'check that the jump host is up and reachable, then run again',
    cause,
  });
}

function attempt(via: Link, { host, port }: Endpoint): string {
  return `connect to ${host}:${port} through the jump host ${via.label}`;
}
