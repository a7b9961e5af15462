import { once } from 'node:events';
import { connect, isIPv6, type Socket } from 'node:net';
import { ProbeFailure } from './probe-failure.ts';

/** Where to connect. */
export interface Address {
  /** A name or an IP address, IPv6 without brackets. */
  readonly host: string;
  readonly port: number;
}

/** Of a name with several addresses, each but the last has so long. Node's own 250 ms lose those at the end of a slow line. */
const ATTEMPT_MS = 1000;

/** Opens a connection, which is the caller's to destroy. Throws `ProbeFailure`. */
export async function openSocket(address: Address, signal: AbortSignal): Promise<Socket> {
  const socket = connect({ ...address, autoSelectFamilyAttemptTimeout: ATTEMPT_MS });
  ignoreLateErrors(socket);
  try {
    await once(socket, 'connect', { signal });
    return socket;
  } catch (error) {
    socket.destroy();
    throw new ProbeFailure('connect', addressText(address), error);
  }
}

/** A socket may fail once more after somebody stopped to listen, and that would end the process. */
export function ignoreLateErrors(socket: Socket): void {
  socket.on('error', () => {});
}

/** `host:port`, IPv6 in brackets. */
export function addressText({ host, port }: Address): string {
  return isIPv6(host) ? `[${host}]:${port}` : `${host}:${port}`;
}
