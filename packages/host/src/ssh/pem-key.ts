import { createPrivateKey, type KeyObject } from 'node:crypto';
import { wireString, wireUint32 } from './wire.ts';

/** What became of a PEM text: a key in a format that ssh2 reads, or why there is none. */
export type OpenedPem = { readonly text: string } | { readonly fault: 'locked' | 'wrong-passphrase' | 'unreadable' };

const PEM = /^\s*-----BEGIN (?:(?:RSA|EC|ENCRYPTED) )?PRIVATE KEY-----/;

/** Whether a text is a private key as OpenSSL writes it: PKCS#1, SEC 1 or PKCS#8, encrypted or not. */
export function isPem(text: string): boolean {
  return PEM.test(text);
}

/**
 * Opens a PEM key. ssh2 reads no PKCS#8 at all, and takes a wrong passphrase of the older formats for a damaged key, so
 * OpenSSL does it.
 */
export function openPem(text: string, passphrase: string | undefined): OpenedPem {
  const locked = /ENCRYPTED/.test(text);
  if (locked && passphrase === undefined) return { fault: 'locked' };
  try {
    return sshText(createPrivateKey({ key: text, ...(locked && passphrase !== undefined ? { passphrase } : {}) }));
  } catch {
    return { fault: locked ? 'wrong-passphrase' : 'unreadable' };
  }
}

function sshText(key: KeyObject): OpenedPem {
  if (key.asymmetricKeyType === 'rsa') return { text: String(key.export({ type: 'pkcs1', format: 'pem' })) };
  if (key.asymmetricKeyType === 'ec') return { text: String(key.export({ type: 'sec1', format: 'pem' })) };
  return key.asymmetricKeyType === 'ed25519' ? { text: opensshText(key) } : { fault: 'unreadable' };
}

// An Ed25519 key has no format of its own in PEM that ssh2 reads. PROTOCOL.key of OpenSSH describes this one.
function opensshText(key: KeyObject): string {
  const { d = '', x = '' } = key.export({ format: 'jwk' });
  const [seed, point] = [Buffer.from(d, 'base64url'), Buffer.from(x, 'base64url')];
  const publicKey = Buffer.concat([wireString('ssh-ed25519'), wireString(point)]);
  const check = wireUint32(0);
  const secret = [check, check, publicKey, wireString(Buffer.concat([seed, point])), wireString('')];
  const none = wireString('none');
  const head = [Buffer.from('openssh-key-v1\0'), none, none, wireString(''), wireUint32(1), wireString(publicKey)];
  const bytes = Buffer.concat([...head, wireString(padded(Buffer.concat(secret)))]);
  return `-----BEGIN OPENSSH PRIVATE KEY-----\n${bytes.toString('base64')}\n-----END OPENSSH PRIVATE KEY-----\n`;
}

function padded(bytes: Buffer): Buffer {
  const count = (8 - (bytes.length % 8)) % 8;
  return Buffer.concat([bytes, Buffer.from(Array.from({ length: count }, (_, index) => index + 1))]);
}
