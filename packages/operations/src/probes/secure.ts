import { once } from 'node:events';
import { isIP } from 'node:net';
import { checkServerIdentity, connect, type SecureContext, type TLSSocket } from 'node:tls';
import type { TlsSpec } from '@gitops/core';
import { type Address, addressText, ignoreLateErrors, openSocket } from './connect.ts';
import { CertificateRefused, ProbeFailure } from './probe-failure.ts';
import type { Trust } from './trust.ts';

/** Whom to reach, and what for. */
export interface SecureTarget {
  readonly address: Address;
  /** Whom the certificate has to be for; a name also goes out as SNI. */
  readonly hostname: string;
  readonly spec: TlsSpec | undefined;
}

/** No certificate of these comes from an authority that is known. */
export const UNKNOWN_AUTHORITY: ReadonlySet<string> = new Set([
  // An authority that was made anew under its old name.
  'CERT_SIGNATURE_FAILURE',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
]);
/** It may be one of the system's own roots, too. */
const SELF_SIGNED = 'DEPTH_ZERO_SELF_SIGNED_CERT';

/** Opens a connection over TLS, which is the caller's to destroy. Throws `ProbeFailure` and `CertificateRefused`. */
export async function openSecureSocket(target: SecureTarget, trust: Trust, signal: AbortSignal): Promise<TLSSocket> {
  const context = trust.contextFor(target.spec);
  try {
    return await openTrusted(target, context, signal);
  } catch (error) {
    const wider = isUntrusted(error) ? trust.wider(context) : undefined;
    if (!wider) throw error;
    return openTrusted(target, wider, signal);
  }
}

function isUntrusted(error: unknown): boolean {
  if (!(error instanceof CertificateRefused)) return false;
  return UNKNOWN_AUTHORITY.has(error.refused.code) || error.refused.code === SELF_SIGNED;
}

async function openTrusted(target: SecureTarget, context: SecureContext, signal: AbortSignal): Promise<TLSSocket> {
  const socket = await shakeHands(target, context, signal);
  if (socket.authorized || target.spec?.verify === false) return socket;
  const certificate = socket.getPeerX509Certificate();
  socket.destroy();
  throw new CertificateRefused({
    place: addressText(target.address),
    hostname: target.hostname,
    code: String(socket.authorizationError),
    certificate,
    hasOwnAuthority: target.spec?.ca !== undefined,
  });
}

async function shakeHands(target: SecureTarget, context: SecureContext, signal: AbortSignal): Promise<TLSSocket> {
  const { address, hostname } = target;
  const socket = connect({
    socket: await openSocket(address, signal),
    secureContext: context,
    ...(isIP(hostname) ? {} : { servername: hostname }),
    ALPNProtocols: ['http/1.1'],
    checkServerIdentity: (_, certificate) => checkServerIdentity(hostname, certificate),
    // The certificate is verified all the same, and `openTrusted` goes by it; so it can be shown before it goes away.
    rejectUnauthorized: false,
  });
  ignoreLateErrors(socket);
  try {
    await once(socket, 'secureConnect', { signal });
    return socket;
  } catch (error) {
    socket.destroy();
    throw new ProbeFailure('secure', addressText(address), error);
  }
}
