import { createHash } from 'node:crypto';
import type { ServerHostKeyAlgorithm } from 'ssh2';

/** A public key of a host: its type (`ssh-ed25519`) and its bytes as they go over the wire. */
export interface HostKey {
  readonly type: string;
  readonly blob: Buffer;
}

// RSA keys sign with SHA-2 only (RFC 8332): the SHA-1 signature of the name `ssh-rsa` is refused, as OpenSSH 8.8 does.
const ALGORITHMS: Readonly<Record<string, readonly ServerHostKeyAlgorithm[]>> = {
  'ssh-ed25519': ['ssh-ed25519'],
  'ecdsa-sha2-nistp256': ['ecdsa-sha2-nistp256'],
  'ecdsa-sha2-nistp384': ['ecdsa-sha2-nistp384'],
  'ecdsa-sha2-nistp521': ['ecdsa-sha2-nistp521'],
  'ssh-rsa': ['rsa-sha2-512', 'rsa-sha2-256'],
};

/** Reads a key from its wire format (RFC 4253 §6.6): its type comes first. Undefined if the bytes are no key. */
export function parseHostKey(blob: Buffer): HostKey | undefined {
  if (blob.length < 4) return undefined;
  const end = 4 + blob.readUInt32BE(0);
  // A key is more than the name of its type.
  if (end >= blob.length) return undefined;
  return { type: blob.toString('latin1', 4, end), blob };
}

/** `SHA256:` and base64 without padding, as `ssh-keygen -l` prints it. */
export function fingerprint(blob: Buffer): string {
  return `SHA256:${createHash('sha256').update(blob).digest('base64').replace(/=+$/, '')}`;
}

/** Whether the list holds this very key. */
export function holdsKey(keys: readonly HostKey[], blob: Buffer): boolean {
  return keys.some((key) => key.blob.equals(blob));
}

/**
 * The signature algorithms to offer so that the host shows one of these keys, strongest type first.
 * All that we support if none of the types is known to us: the handshake then tells which key the host has.
 */
export function serverHostKeyAlgorithms(keys: readonly HostKey[]): ServerHostKeyAlgorithm[] {
  const types = new Set(keys.map((key) => key.type));
  const wanted = Object.keys(ALGORITHMS).filter((type) => types.has(type));
  return (wanted.length > 0 ? wanted : Object.keys(ALGORITHMS)).flatMap((type) => ALGORITHMS[type] ?? []);
}
