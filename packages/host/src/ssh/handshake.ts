import type { Socket } from 'node:net';
import type { GitopsError } from '@gitops/core';
import type { Client, ParsedKey, PublicKeyAuthMethod } from 'ssh2';
import { abortedError } from './aborted.ts';
import {
  authenticationError,
  describeLogin,
  hostKeyError,
  type Login,
  noPinnedTypeError,
  protocolError,
  silentError,
} from './handshake-errors.ts';
import { holdsKey, parseHostKey, serverHostKeyAlgorithms } from './host-key.ts';
import type { PinnedKeys } from './known-hosts.ts';

/** What a handshake needs beside the socket. */
export interface HandshakeRequest extends Login {
  readonly key: ParsedKey;
  readonly pinned: PinnedKeys;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Speaks SSH on an open socket until the user is logged in.
 *
 * @throws GitopsError `ssh-silent`, `ssh-protocol`, `ssh-host-key-…`, `ssh-authentication` or `ssh-aborted`
 */
export async function shakeHands(client: Client, socket: Socket, request: HandshakeRequest): Promise<void> {
  const handshake = new Handshake(socket, request);
  try {
    await handshake.run(client);
  } catch (error) {
    client.destroy();
    throw error;
  }
}

class Handshake {
  readonly #socket: Socket;
  readonly #request: HandshakeRequest;
  #refusal: GitopsError | undefined;
  #hostVerified = false;

  constructor(socket: Socket, request: HandshakeRequest) {
    this.#socket = socket;
    this.#request = request;
  }

  async run(client: Client): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const abort = () =>
      reject(abortedError(`connect to ${describeLogin(this.#request)}`, this.#request.signal?.reason));
    client.once('ready', resolve);
    client.on('error', (error) => reject(this.#explain(error)));
    client.once('close', () => reject(this.#explainClose()));
    this.#request.signal?.addEventListener('abort', abort, { once: true });
    this.#connect(client);
    await promise.finally(() => this.#request.signal?.removeEventListener('abort', abort));
  }

  #connect(client: Client): void {
    const { user, key, pinned, connectTimeoutMs } = this.#request;
    const method: PublicKeyAuthMethod = { type: 'publickey', username: user, key };
    client.connect({
      sock: this.#socket,
      username: user,
      // Without a list of its own ssh2 asks for the method `none` first, which costs a round trip.
      authHandler: [method],
      algorithms: { serverHostKey: serverHostKeyAlgorithms(pinned.keys) },
      hostVerifier: (blob: Buffer) => this.#accepts(blob),
      readyTimeout: connectTimeoutMs,
      keepaliveInterval: 10_000,
      keepaliveCountMax: 3,
    });
  }

  #accepts(blob: Buffer): boolean {
    const { pinned } = this.#request;
    const revoked = holdsKey(pinned.revoked, blob);
    this.#hostVerified = !revoked && holdsKey(pinned.keys, blob);
    const offered = parseHostKey(blob) ?? { type: 'unreadable', blob };
    if (!this.#hostVerified) this.#refusal = hostKeyError(this.#request, offered, pinned, revoked);
    return this.#hostVerified;
  }

  #explain(error: Error): GitopsError {
    if (this.#refusal) return this.#refusal;
    if (error.message.includes('no matching host key format') && this.#request.pinned.keys.length > 0) {
      return noPinnedTypeError(this.#request, this.#request.pinned, error);
    }
    if ('level' in error && error.level === 'client-authentication') {
      return authenticationError(this.#request, this.#request.key.getPublicSSH(), error);
    }
    return this.#explainUnfinished(error);
  }

  #explainUnfinished(error: Error): GitopsError {
    const late = 'level' in error && error.level === 'client-timeout';
    const why = late ? `no more came for ${this.#request.connectTimeoutMs / 1000} s` : error.message;
    const explain = late || this.#socket.bytesRead === 0 ? silentError : protocolError;
    return explain(this.#request, `${this.#progress()}; then ${why}`, error);
  }

  #explainClose(): GitopsError {
    return protocolError(this.#request, `${this.#progress()} and then closed the connection`);
  }

  #progress(): string {
    if (this.#hostVerified) return 'the host showed its pinned key';
    return this.#socket.bytesRead > 0 ? 'the host answered' : 'the port is open, but nothing spoke SSH';
  }
}
