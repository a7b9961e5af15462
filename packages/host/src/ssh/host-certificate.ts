import { createPublicKey, verify } from 'node:crypto';
import { fingerprint, type HostKey, holdsKey, parseHostKey } from './host-key.ts';
import { matchesPatterns, type PinnedKeys } from './known-hosts.ts';
import type { KeyParser } from './private-key.ts';
import { WireReader, wireString } from './wire.ts';

/** A certificate of a host as OpenSSH makes it (PROTOCOL.certkeys): a key, signed by an authority. */
export interface HostCertificate {
  /** The key that it certifies, as the host shows it without a certificate. */
  readonly key: HostKey;
  readonly isForHosts: boolean;
  readonly id: string;
  /** Names of the host, possibly patterns. None: it is good for every host. */
  readonly principals: readonly string[];
  /** In seconds since 1970. */
  readonly validAfter: bigint;
  readonly validBefore: bigint;
  readonly hasCriticalOptions: boolean;
  readonly authority: Buffer;
  /** What the signature is about. */
  readonly signed: Buffer;
  readonly signature: Buffer;
}

/** How many fields of its own a key of each type has. */
const KEY_FIELDS: Readonly<Record<string, number>> = {
  'ssh-ed25519': 1,
  'ecdsa-sha2-nistp256': 2,
  'ecdsa-sha2-nistp384': 2,
  'ecdsa-sha2-nistp521': 2,
  'ssh-rsa': 2,
};

const HOST = 2;

/** Undefined if the bytes are no certificate of a known type. */
export function parseHostCertificate(blob: Buffer): HostCertificate | undefined {
  try {
    return readCertificate(blob);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

function readCertificate(blob: Buffer): HostCertificate | undefined {
  const reader = new WireReader(blob);
  const type = reader.text().replace(/-cert-v01@openssh\.com$/, '');
  const fields = KEY_FIELDS[type];
  if (fields === undefined) return undefined;
  reader.string(); // a nonce
  const key = Buffer.concat([wireString(type), ...Array.from({ length: fields }, () => wireString(reader.string()))]);
  reader.uint64(); // the serial number
  return { key: { type, blob: key }, ...readTerms(reader, blob) };
}

function readTerms(reader: WireReader, blob: Buffer): Omit<HostCertificate, 'key'> {
  const isForHosts = reader.uint32() === HOST;
  const id = reader.text();
  const principals = textsOf(reader.string());
  const [validAfter, validBefore] = [reader.uint64(), reader.uint64()];
  const hasCriticalOptions = reader.string().length > 0;
  reader.string(); // extensions, none of which is about hosts
  reader.string(); // reserved
  const authority = reader.string();
  const signed = blob.subarray(0, reader.offset);
  const signature = reader.string();
  return { isForHosts, id, principals, validAfter, validBefore, hasCriticalOptions, authority, signed, signature };
}

function textsOf(bytes: Buffer): string[] {
  const reader = new WireReader(bytes);
  const texts: string[] = [];
  while (!reader.atEnd) texts.push(reader.text());
  return texts;
}

/** Why a certificate does not vouch for this host now; undefined if it does. */
export function certificateFault(
  parser: KeyParser,
  certificate: HostCertificate,
  host: string,
  pinned: PinnedKeys,
): string | undefined {
  const { authority, key } = certificate;
  if (!holdsKey(pinned.authorities, authority)) {
    return `it is signed by ${fingerprint(authority)}, which no @cert-authority line of ${pinned.source} names for this host`;
  }
  if (holdsKey(pinned.revoked, authority)) return `its authority ${fingerprint(authority)} is marked @revoked`;
  if (holdsKey(pinned.revoked, key.blob)) return `its key ${fingerprint(key.blob)} is marked @revoked`;
  if (!isSignedBy(parser, certificate)) return 'its signature is wrong, or made with SHA-1';
  return faultOfTerms(certificate, host);
}

function faultOfTerms(certificate: HostCertificate, host: string): string | undefined {
  const { principals, validAfter, validBefore } = certificate;
  const now = BigInt(Math.floor(Date.now() / 1000));
  if (!certificate.isForHosts) return 'it is for users, not for hosts';
  if (now < validAfter) return `it is not valid before ${describeTime(validAfter)}`;
  if (now >= validBefore) return `it has expired on ${describeTime(validBefore)}`;
  if (certificate.hasCriticalOptions) return 'it has critical options, which none is known of for hosts';
  if (principals.length > 0 && !matchesPatterns(principals, host.toLowerCase())) {
    return `it is for ${principals.join(', ')}, not for ${host}`;
  }
  return undefined;
}

function describeTime(seconds: bigint): string {
  return new Date(Number(seconds) * 1000).toISOString();
}

/** RSA signs with SHA-2 only: OpenSSH takes no SHA-1 from an authority either. */
const HASHES: Readonly<Record<string, string | null>> = {
  'ssh-ed25519': null,
  'ecdsa-sha2-nistp256': 'sha256',
  'ecdsa-sha2-nistp384': 'sha384',
  'ecdsa-sha2-nistp521': 'sha512',
  'rsa-sha2-256': 'sha256',
  'rsa-sha2-512': 'sha512',
};

function isSignedBy(parser: KeyParser, certificate: HostCertificate): boolean {
  try {
    return verifySignature(parser, certificate);
  } catch {
    // A signature or a key that cannot be read proves nothing.
    return false;
  }
}

function verifySignature(parser: KeyParser, { authority, signed, signature }: HostCertificate): boolean {
  const parsed = parser.parseKey(authority);
  if (parsed instanceof Error) return false;
  const reader = new WireReader(signature);
  const algorithm = reader.text();
  const hash = HASHES[algorithm];
  if (hash === undefined || algorithm.replace(/^rsa-sha2-.*/, 'ssh-rsa') !== parseHostKey(authority)?.type)
    return false;
  const key = createPublicKey(parsed.getPublicPEM());
  const value = reader.string();
  if (!algorithm.startsWith('ecdsa')) return verify(hash, signed, key, value);
  const sizeBytes = Math.ceil(Number(algorithm.slice(-3)) / 8);
  return verify(hash, signed, { key, dsaEncoding: 'ieee-p1363' }, flatSignature(value, sizeBytes));
}

/** RFC 5656 §3.1.2: two mpints, each with a zero in front if its first bit is set, to two numbers of one length. */
function flatSignature(value: Buffer, sizeBytes: number): Buffer {
  const reader = new WireReader(value);
  const numbers = [reader.string(), reader.string()];
  return Buffer.concat(numbers.map((number) => Buffer.concat([Buffer.alloc(sizeBytes), number]).subarray(-sizeBytes)));
}
