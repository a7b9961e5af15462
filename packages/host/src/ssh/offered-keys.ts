import type { Socket } from 'node:net';
import type { Client, ServerHostKeyAlgorithm } from 'ssh2';
import { abortedError } from './aborted.ts';
import { describeLogin, type Login, protocolError, silentError } from './handshake-errors.ts';
import { type HostKey, parseHostKey, serverHostKeyAlgorithms } from './host-key.ts';
import { openSocket } from './socket.ts';

/** Which host to ask for its keys. The user is named in messages alone and not sent. */
export interface OfferRequest extends Omit<Login, 'route'> {
  readonly signal?: AbortSignal | undefined;
}

/** Without hops before it. */
type DirectRequest = OfferRequest & Login;

const TYPES = ['ssh-ed25519', 'ecdsa-sha2-nistp256', 'ecdsa-sha2-nistp384', 'ecdsa-sha2-nistp521', 'ssh-rsa'];

/**
 * The public keys a host shows, strongest type first, one connection for each that is asked for. Nothing is trusted
 * by this and nobody logs in: each connection ends where the host has shown its key, before a user or a key of ours
 * is sent. What comes may be from somebody in between, so somebody has to compare the fingerprint.
 *
 * @throws GitopsError `ssh-name`, `ssh-connect`, `ssh-silent`, `ssh-protocol` or `ssh-aborted`
 */
export async function* offeredKeys(said: OfferRequest): AsyncGenerator<HostKey> {
  const request = { ...said, route: '' };
  for (const type of TYPES) {
    const key = await offeredKey(request, serverHostKeyAlgorithms([{ type, blob: Buffer.alloc(0) }]));
    if (key) yield key;
  }
}

/** Nothing if the host has no key of the type. */
async function offeredKey(
  request: DirectRequest,
  serverHostKey: ServerHostKeyAlgorithm[],
): Promise<HostKey | undefined> {
  const { Client } = (await import(/* webpackMode: "eager" */ 'ssh2')).default;
  const socket = await openSocket(request);
  const client = new Client();
  const abort = () => client.destroy();
  request.signal?.addEventListener('abort', abort, { once: true });
  try {
    return await shownKey(client, socket, request, serverHostKey);
  } finally {
    request.signal?.removeEventListener('abort', abort);
    client.destroy();
  }
}

function shownKey(
  client: Client,
  socket: Socket,
  request: DirectRequest,
  serverHostKey: ServerHostKeyAlgorithm[],
): Promise<HostKey | undefined> {
  const { promise, resolve, reject } = Promise.withResolvers<HostKey | undefined>();
  client.on('error', (error) => {
    if (error.message.includes('no matching host key format')) resolve(undefined);
    else reject(unfinished(request, socket, error.message, error));
  });
  client.once('close', () => reject(unfinished(request, socket, 'it closed the connection')));
  client.connect({
    sock: socket,
    // Would be sent only after the host's key was accepted, which never happens here.
    username: '',
    authHandler: [],
    algorithms: { serverHostKey },
    readyTimeout: request.connectTimeoutMs,
    hostVerifier: (blob: Buffer) => {
      resolve(parseHostKey(blob));
      return false;
    },
  });
  return promise;
}

function unfinished(request: DirectRequest, socket: Socket, why: string, cause?: unknown): Error {
  if (request.signal?.aborted) return abortedError(`connect to ${describeLogin(request)}`, request.signal.reason);
  const spoke = socket.bytesRead > 0;
  const seen = `${spoke ? 'the host answered' : 'the port is open, but nothing spoke SSH'}; then ${why}`;
  return spoke ? protocolError(request, seen, cause) : silentError(request, seen, cause);
}
