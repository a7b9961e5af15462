import type { Duplex } from 'node:stream';
import { acceptableKeys } from './acceptable-keys.ts';
import type { HostLogin } from './connect.ts';
import { shakeHands } from './handshake.ts';
import { describeLogin, type Login } from './handshake-errors.ts';
import type { Identities } from './identities.ts';
import type { PinnedKeys } from './known-hosts.ts';
import { Link } from './link.ts';
import type { Ssh2 } from './load-ssh2.ts';
import { type LookupFunction, openSocket } from './socket.ts';
import { openTunnel } from './tunnel.ts';

/** One host on the way, the last of which is the target. */
export interface Hop extends HostLogin {
  readonly pinned: PinnedKeys;
  readonly isJump: boolean;
}

/** What is the same for every host on the way. */
export interface Journey {
  readonly identities: Identities;
  readonly connectTimeoutMs: number;
  readonly keepaliveIntervalMs: number;
  readonly signal: AbortSignal | undefined;
  readonly lookup: LookupFunction | undefined;
}

/** How many questions may stay without an answer. */
export const KEEPALIVE_TRIES = 3;

/** Logs in to one host after the other, each through the one before it, and returns the link to the last. */
export async function openRoute(ssh2: Ssh2, hops: readonly Hop[], journey: Journey): Promise<Link> {
  let link: Link | undefined;
  try {
    for (const hop of hops) link = await openHop(ssh2, hop, link, journey);
  } catch (error) {
    link?.close();
    throw error;
  }
  if (!link) throw new RangeError('a route has at least one hop');
  return link;
}

async function openHop(ssh2: Ssh2, hop: Hop, via: Link | undefined, journey: Journey): Promise<Link> {
  const { connectTimeoutMs, keepaliveIntervalMs, signal, lookup, identities } = journey;
  const endpoint = { host: hop.host, port: hop.port, connectTimeoutMs, signal, lookup };
  const openStream = (): Promise<Duplex> => (via ? openTunnel(via, endpoint) : openSocket(endpoint));
  const login: Login = { ...hop, connectTimeoutMs, route: describeRoute(hop, via) };
  const pinned = await acceptableKeys(ssh2.utils, login, hop.pinned, openStream, signal);
  const client = new ssh2.Client();
  const keepalive = { intervalMs: keepaliveIntervalMs, tries: KEEPALIVE_TRIES };
  await shakeHands(client, await openStream(), { ...login, identities, pinned, keepalive, signal });
  const silenceMs = keepaliveIntervalMs * (KEEPALIVE_TRIES + 1);
  return new Link(client, { label: describeLogin(login), via, silenceMs });
}

function describeRoute(hop: Hop, via: Link | undefined): string {
  const through = via ? ` through ${via.label}` : '';
  return hop.isJump ? ` (a jump host)${through}` : through;
}
