import { once } from 'node:events';
import { connect, type LookupFunction, type Socket } from 'node:net';
import { GitopsError } from '@gitops/core';
import { abortedError } from './aborted.ts';

export type { LookupFunction } from 'node:net';

/** Where to connect to and how long to wait for it. */
export interface Endpoint {
  readonly host: string;
  readonly port: number;
  readonly connectTimeoutMs: number;
  readonly signal?: AbortSignal | undefined;
  /** Looks the name up in place of the system. */
  readonly lookup?: LookupFunction | undefined;
}

/**
 * Opens a TCP connection without Nagle's algorithm, which makes the small packets of SSH three times slower.
 *
 * @throws GitopsError `ssh-name`, `ssh-connect` or `ssh-aborted`
 */
export async function openSocket(endpoint: Endpoint): Promise<Socket> {
  const timeout = AbortSignal.timeout(endpoint.connectTimeoutMs);
  const signal = AbortSignal.any(endpoint.signal ? [endpoint.signal, timeout] : [timeout]);
  const socket = connect({
    host: endpoint.host,
    port: endpoint.port,
    noDelay: true,
    ...(endpoint.lookup && { lookup: endpoint.lookup }),
    // Node gives each address 250 ms, too little for a distant host whose other address family does not work.
    autoSelectFamilyAttemptTimeout: Math.max(10, Math.floor(endpoint.connectTimeoutMs / 4)),
  });
  try {
    await once(socket, 'connect', { signal });
    return socket;
  } catch (cause) {
    socket.destroy();
    throw endpoint.signal?.aborted ? abortedError(attempt(endpoint), cause) : socketError(endpoint, cause);
  }
}

function attempt(endpoint: Endpoint): string {
  return `connect to ${endpoint.host}:${endpoint.port}`;
}

function socketError(endpoint: Endpoint, cause: unknown): GitopsError {
  const code = systemCode(cause);
  return isNameError(cause) ? nameError(endpoint, code, cause) : connectError(endpoint, code, cause);
}

function nameError(endpoint: Endpoint, code: string, cause: unknown): GitopsError {
  return new GitopsError('ssh-name', {
    attempted: attempt(endpoint),
    seen: `the name ${endpoint.host} has no address (${code})`,
    remedy: 'check the spelling of the host, its DNS record, and whether the runner uses the DNS server that knows it',
    cause,
  });
}

function connectError(endpoint: Endpoint, code: string, cause: unknown): GitopsError {
  return new GitopsError('ssh-connect', {
    attempted: attempt(endpoint),
    seen: describe(code, endpoint.connectTimeoutMs),
    remedy: `check that the host is up, that sshd listens on port ${endpoint.port}, and that a firewall or VPN lets the runner through`,
    cause,
  });
}

function describe(code: string, timeoutMs: number): string {
  if (code === 'ECONNREFUSED') return 'the host refused: nothing listens on this port';
  if (code === 'EHOSTUNREACH' || code === 'ENETUNREACH') return `there is no route to the host (${code})`;
  if (code === 'ABORT_ERR' || code === 'ETIMEDOUT') return `no answer within ${timeoutMs / 1000} s`;
  return code;
}

function isNameError(cause: unknown): boolean {
  return cause instanceof Error && 'syscall' in cause && cause.syscall === 'getaddrinfo';
}

function systemCode(cause: unknown): string {
  return cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause);
}
