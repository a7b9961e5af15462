import type { X509Certificate } from 'node:crypto';
import { type IncomingMessage, request } from 'node:http';
import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import type { TlsSpec } from '@gitops/core';
import { openSocket } from './connect.ts';
import { ProbeFailure } from './probe-failure.ts';
import { openSecureSocket } from './secure.ts';
import { type Stop, stopText } from './stop.ts';
import type { Trust } from './trust.ts';

/** An answer whose body is still to be read; the connection ends with it. */
export interface Exchange extends Disposable {
  readonly response: IncomingMessage;
  readonly certificate: X509Certificate | undefined;
}

/** Sends one GET and waits for the head of the answer. Throws `ProbeFailure` and `CertificateRefused`. */
export async function exchange(
  stop: Stop,
  spec: TlsSpec | undefined,
  trust: Trust,
  signal: AbortSignal,
): Promise<Exchange> {
  const { url, address } = stop;
  const hostname = url.hostname.replace(/^\[(.*)\]$/, '$1');
  const socket =
    url.protocol === 'https:'
      ? await openSecureSocket({ address, hostname, spec }, trust, signal)
      : await openSocket(address, signal);
  try {
    const response = await get(stop, socket, signal);
    const certificate = socket instanceof TLSSocket ? socket.getPeerX509Certificate() : undefined;
    return { response, certificate, [Symbol.dispose]: () => socket.destroy() };
  } catch (error) {
    socket.destroy();
    throw new ProbeFailure('answer', stopText(stop), error);
  }
}

function get({ url, headers }: Stop, socket: Socket, signal: AbortSignal): Promise<IncomingMessage> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  request({
    createConnection: () => socket,
    path: `${url.pathname}${url.search}`,
    headers: { accept: '*/*', 'user-agent': 'gitops-coordinator', ...lowerCased(headers), host: url.host },
    signal,
  })
    .on('response', resolve)
    .on('error', reject)
    // An answer of 101 that nobody asked for ends without either.
    .on('close', () => reject(new Error('the connection was closed')))
    .end();
  return promise;
}

function lowerCased(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}
