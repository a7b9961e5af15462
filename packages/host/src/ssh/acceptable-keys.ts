import type { Duplex } from 'node:stream';
import { abortedError } from './aborted.ts';
import { fetchCertificate } from './certificate-scan.ts';
import { attempt, type Login, silentError } from './handshake-errors.ts';
import { certificateFault, parseHostCertificate } from './host-certificate.ts';
import type { HostKey } from './host-key.ts';
import type { PinnedKeys } from './known-hosts.ts';
import type { KeyParser } from './private-key.ts';
import { StoppedError, unlessStopped } from './stop-watch.ts';

/** The keys that a host may show, and what became of its certificate, if there was to be one. */
export interface AcceptableKeys extends PinnedKeys {
  readonly certified?: HostKey;
  readonly certificateFault?: string;
}

/**
 * Adds to the pinned keys the one that a certificate of the host vouches for, if known_hosts names an authority for it.
 *
 * @throws GitopsError `ssh-silent`, `ssh-aborted`
 */
export async function acceptableKeys(
  parser: KeyParser,
  login: Login,
  pinned: PinnedKeys,
  openStream: () => Promise<Duplex>,
  signal: AbortSignal | undefined,
): Promise<AcceptableKeys> {
  if (pinned.authorities.length === 0) return pinned;
  const found = certifiedKey(parser, login, pinned, await scan(login, await openStream(), signal));
  return 'key' in found
    ? { ...pinned, keys: [...pinned.keys, found.key], certified: found.key }
    : { ...pinned, certificateFault: found.fault };
}

type Certified = { readonly key: HostKey } | { readonly fault: string };

function certifiedKey(parser: KeyParser, login: Login, pinned: PinnedKeys, blob: Buffer | undefined): Certified {
  if (!blob) return { fault: 'it shows no certificate' };
  const certificate = parseHostCertificate(blob);
  if (!certificate) return { fault: 'its certificate cannot be read' };
  const fault = certificateFault(parser, certificate, login.host, pinned);
  if (fault === undefined) return { key: certificate.key };
  return { fault: `its certificate ${JSON.stringify(certificate.id)} does not count: ${fault}` };
}

async function scan(login: Login, stream: Duplex, signal: AbortSignal | undefined): Promise<Buffer | undefined> {
  // A host that hangs up shows no certificate: the handshake that follows tells why.
  stream.on('error', () => {});
  const fetched = fetchCertificate(stream).catch(() => undefined);
  try {
    return await unlessStopped(fetched, login.connectTimeoutMs, signal);
  } catch (cause) {
    const aborted = cause instanceof StoppedError && cause.why === 'abort';
    if (aborted) throw abortedError(attempt(login), signal?.reason);
    throw silentError(login, `no certificate came for ${login.connectTimeoutMs / 1000} s`, cause);
  } finally {
    stream.destroy();
  }
}
