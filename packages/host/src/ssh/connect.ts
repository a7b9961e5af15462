import { type Connection, connectionOver } from './connection.ts';
import { findIdentities, type IdentitySources } from './identities.ts';
import { pinnedKeys } from './known-hosts.ts';
import { loadSsh2 } from './load-ssh2.ts';
import { type Hop, openRoute } from './route.ts';
import type { LookupFunction } from './socket.ts';

/** A host to log in to, and as whom. */
export interface HostLogin {
  readonly host: string;
  readonly port: number;
  readonly user: string;
}

/** Which host to log in to, as whom, and by what to know it. */
export interface ConnectOptions extends HostLogin, IdentitySources {
  /** The hosts on the way, in order, each with the same keys and the same known_hosts. */
  readonly jump?: readonly HostLogin[];
  /** Text in the format of OpenSSH's known_hosts. Each host must show a key that it pins or certifies. */
  readonly knownHosts: string;
  /** What that text is called in messages, e.g. by its path; `known_hosts` by default. */
  readonly knownHostsSource?: string;
  /** For the TCP connection, and again for handshake and login, of each host; 15 s by default. */
  readonly connectTimeoutMs?: number;
  /**
   * How often to ask a host whether it is still there, 10 s by default: often enough for the NAT tables on the way. After
   * three questions without an answer, at the fourth interval, the connection counts as lost.
   */
  readonly keepaliveIntervalMs?: number;
  /** Looks names up in place of the system. */
  readonly lookup?: LookupFunction;
  readonly signal?: AbortSignal;
}

/**
 * Connects to a host over SSH and logs in with a key.
 *
 * @throws GitopsError, by what went wrong: `known-hosts`, `ssh-private-key` and `ssh-agent` before anything is sent,
 * `ssh-name`, `ssh-connect`, `ssh-jump`, `ssh-silent`, `ssh-protocol`, `ssh-host-key-unknown`, `ssh-host-key-changed`,
 * `ssh-host-key-revoked`, `ssh-host-certificate`, `ssh-authentication`, `ssh-lost`, `ssh-aborted`
 */
export async function connect(options: ConnectOptions): Promise<Connection> {
  const { connectTimeoutMs = 15_000, keepaliveIntervalMs = 10_000, signal, lookup } = options;
  const hops = hopsOf(options);
  const ssh2 = await loadSsh2();
  const identities = await findIdentities(ssh2, options, connectTimeoutMs);
  const link = await openRoute(ssh2, hops, { identities, connectTimeoutMs, keepaliveIntervalMs, signal, lookup });
  return connectionOver(link);
}

function hopsOf({ host, port, user, jump = [], knownHosts, knownHostsSource }: ConnectOptions): Hop[] {
  const logins = [...jump, { host, port, user }];
  return logins.map((login, index) => ({
    ...login,
    pinned: pinnedKeys(knownHosts, login.host, login.port, knownHostsSource),
    isJump: index < logins.length - 1,
  }));
}
