import type { Duplex } from 'node:stream';
import type { GitopsError } from '@gitops/core';
import type { AnyAuthMethod, Client } from 'ssh2';
import { abortedError } from './aborted.ts';
import type { AcceptableKeys } from './acceptable-keys.ts';
import {
  agentSilentError,
  attempt,
  authenticationError,
  hostKeyError,
  type Login,
  noPinnedTypeError,
  protocolError,
  silentError,
} from './handshake-errors.ts';
import { holdsKey, parseHostKey, serverHostKeyAlgorithms } from './host-key.ts';
import type { Identities, Identity } from './identities.ts';

/** What a handshake needs beside the stream. */
export interface HandshakeRequest extends Login {
  readonly identities: Identities;
  readonly pinned: AcceptableKeys;
  readonly keepalive: { readonly intervalMs: number; readonly tries: number };
  readonly signal?: AbortSignal | undefined;
}

/**
 * Speaks SSH on an open stream until the user is logged in.
 *
 * @throws GitopsError `ssh-silent`, `ssh-protocol`, `ssh-host-key-…`, `ssh-authentication`, `ssh-agent` or `ssh-aborted`
 */
export async function shakeHands(client: Client, stream: Duplex, request: HandshakeRequest): Promise<void> {
  const handshake = new Handshake(stream, request);
  try {
    await handshake.run(client);
  } catch (error) {
    client.destroy();
    throw error;
  }
}

class Handshake {
  readonly #stream: Duplex;
  readonly #request: HandshakeRequest;
  readonly #tried: Identity[] = [];
  #refusal: GitopsError | undefined;
  #answered = false;
  #hostVerified = false;
  #agentIsSigning = false;

  constructor(stream: Duplex, request: HandshakeRequest) {
    this.#stream = stream;
    this.#request = request;
  }

  async run(client: Client): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const { signal } = this.#request;
    const abort = () => reject(abortedError(attempt(this.#request), signal?.reason));
    client.once('ready', resolve);
    client.on('error', (error) => {
      // An agent that does not sign is no end: the next key is tried.
      if (!('level' in error && error.level === 'agent')) reject(this.#explain(error));
    });
    client.once('close', () => reject(this.#explainClose()));
    signal?.addEventListener('abort', abort, { once: true });
    if (signal?.aborted) abort();
    this.#connect(client);
    this.#stream.once('data', () => {
      this.#answered = true;
    });
    await promise.finally(() => signal?.removeEventListener('abort', abort));
  }

  #connect(client: Client): void {
    const { user, pinned, connectTimeoutMs, keepalive } = this.#request;
    client.connect({
      sock: this.#stream,
      username: user,
      // Without a handler of its own ssh2 asks for the method `none` first, which costs a round trip.
      authHandler: () => this.#nextMethod(),
      algorithms: { serverHostKey: serverHostKeyAlgorithms(pinned.keys) },
      hostVerifier: (blob: Buffer) => this.#accepts(blob),
      readyTimeout: connectTimeoutMs,
      keepaliveInterval: keepalive.intervalMs,
      keepaliveCountMax: keepalive.tries,
    });
  }

  #nextMethod(): AnyAuthMethod | false {
    const { identities, user } = this.#request;
    const next = identities.toTry[this.#tried.length];
    if (!next) return false;
    this.#tried.push(next);
    const onAsked = () => {
      this.#agentIsSigning = true;
    };
    const onAnswered = () => {
      this.#agentIsSigning = false;
    };
    return next.method(user, { onAsked, onAnswered });
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
    const level = 'level' in error ? error.level : undefined;
    if (
      level === 'client-authentication' ||
      (this.#tried.length > 0 && /authentication failures/i.test(error.message))
    ) {
      return authenticationError(this.#request, this.#tried, this.#request.identities, error);
    }
    if (level === 'client-timeout' && this.#agentIsSigning) return agentSilentError(this.#request, error);
    return this.#explainUnfinished(error, level === 'client-timeout');
  }

  #explainUnfinished(error: Error, late: boolean): GitopsError {
    const why = late ? `no more came for ${this.#request.connectTimeoutMs / 1000} s` : error.message;
    const explain = late || !this.#answered ? silentError : protocolError;
    return explain(this.#request, `${this.#progress()}; then ${why}`, error);
  }

  #explainClose(): GitopsError {
    return protocolError(this.#request, `${this.#progress()} and then closed the connection`);
  }

  #progress(): string {
    if (this.#hostVerified) return 'the host showed its pinned key';
    return this.#answered ? 'the host answered' : 'the port is open, but nothing spoke SSH';
  }
}
