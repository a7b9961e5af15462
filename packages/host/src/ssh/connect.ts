import { type Connection, connectionOver } from './connection.ts';
import { shakeHands } from './handshake.ts';
import { describeLogin } from './handshake-errors.ts';
import { pinnedKeys } from './known-hosts.ts';
import { Link } from './link.ts';
import { parsePrivateKey } from './private-key.ts';
import { openSocket } from './socket.ts';

/** Which host to log in to, as whom, and by what to know it. */
export interface ConnectOptions {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  /** The text of a private key in OpenSSH or PEM format. */
  readonly privateKey: string;
  readonly passphrase?: string;
  /** Text in the format of OpenSSH's known_hosts. The host must show a key that it pins. */
  readonly knownHosts: string;
  /** What that text is called in messages, e.g. by its path; `known_hosts` by default. */
  readonly knownHostsSource?: string;
  /** For the TCP connection, and again for handshake and login; 15 s by default. */
  readonly connectTimeoutMs?: number;
  readonly signal?: AbortSignal;
}

/**
 * Connects to a host over SSH and logs in with a key.
 *
 * @throws GitopsError, by what went wrong: `known-hosts` and `ssh-private-key` before anything is sent, `ssh-name`,
 * `ssh-connect`, `ssh-silent`, `ssh-protocol`, `ssh-host-key-unknown`, `ssh-host-key-changed`, `ssh-host-key-revoked`,
 * `ssh-authentication`, `ssh-aborted`
 */
export async function connect(options: ConnectOptions): Promise<Connection> {
  const { host, port, user, signal, connectTimeoutMs = 15_000 } = options;
  const pinned = pinnedKeys(options.knownHosts, host, port, options.knownHostsSource);
  // Loading ssh2 takes 44 ms, which commands that need no host should not pay.
  const { Client, utils } = (await import(/* webpackMode: "eager" */ 'ssh2')).default;
  const key = parsePrivateKey(utils, options.privateKey, options.passphrase);
  const socket = await openSocket({ host, port, connectTimeoutMs, signal });
  const client = new Client();
  await shakeHands(client, socket, { host, port, user, connectTimeoutMs, signal, key, pinned });
  return connectionOver(new Link(client, describeLogin({ host, port, user, connectTimeoutMs })));
}
