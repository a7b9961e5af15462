import { GitopsError } from '@gitops/core';
import type { ParsedKey, utils } from 'ssh2';
import { isPem, openPem } from './pem-key.ts';

/** The one function of ssh2 that is used here. */
export interface KeyParser {
  readonly parseKey: typeof utils.parseKey;
}

/** A private key as its owner keeps it. */
export interface PrivateKey {
  /** In OpenSSH format or PEM (PKCS#1, PKCS#8, SEC 1). */
  readonly text: string;
  /** Undefined or empty: none. Not used for a key that is not encrypted. */
  readonly passphrase?: string;
  /** What the key is called in messages, e.g. by its path. */
  readonly source?: string;
}

/**
 * Reads a private key, or tells that it is encrypted and has no passphrase. The error never holds the key, any part of
 * it or what ssh2 said about it.
 *
 * @throws GitopsError `ssh-private-key`
 */
export function readPrivateKey(parser: KeyParser, key: PrivateKey): ParsedKey | 'locked' {
  if (key.text.trim() === '') {
    throw keyError(key, 'it is empty', 'set the secret; a workflow from a fork does not get it');
  }
  const parsed = parse(parser, key, key.passphrase || undefined);
  if (parsed !== 'locked' && !parsed.isPrivateKey()) {
    throw keyError(key, 'it is a public key', 'give the file without `.pub`');
  }
  return parsed;
}

/** A key that cannot be used, as nobody gave its passphrase. */
export function lockedError(key: PrivateKey): GitopsError {
  const seen = 'it is encrypted and no passphrase is given';
  return keyError(
    key,
    seen,
    'give the passphrase, load the key into an agent with `ssh-add`, or use a key without one',
  );
}

function parse(parser: KeyParser, key: PrivateKey, passphrase: string | undefined): ParsedKey | 'locked' {
  if (isPem(key.text)) return parsePem(parser, key, passphrase);
  const parsed = parser.parseKey(key.text, passphrase);
  if (!(parsed instanceof Error)) return parsed;
  if (parsed.message.includes('no passphrase')) return 'locked';
  if (parsed.message.includes('integrity check')) throw passphraseError(key);
  throw /key type: sk-/.test(parsed.message) ? tokenError(key) : unreadableError(key);
}

function parsePem(parser: KeyParser, key: PrivateKey, passphrase: string | undefined): ParsedKey | 'locked' {
  const opened = openPem(key.text, passphrase);
  if ('text' in opened) {
    const parsed = parser.parseKey(opened.text);
    if (!(parsed instanceof Error)) return parsed;
  } else {
    if (opened.fault === 'locked') return 'locked';
    if (opened.fault === 'wrong-passphrase') throw passphraseError(key);
  }
  throw unreadableError(key);
}

function passphraseError(key: PrivateKey): GitopsError {
  const remedy = 'compare the passphrase with the one `ssh-keygen -y -f` takes';
  return keyError(key, 'the passphrase does not open it', remedy);
}

function tokenError(key: PrivateKey): GitopsError {
  const seen = 'it belongs to a security token (its type begins with `sk-`), which is not supported';
  return keyError(key, seen, 'use a key without a token, e.g. one that `ssh-keygen -t ed25519` makes');
}

function unreadableError(key: PrivateKey): GitopsError {
  return keyError(
    key,
    'it is not a key in OpenSSH or PEM format (Ed25519, ECDSA or RSA), or it is cut off',
    'paste the whole file, from BEGIN to END with its line breaks; `ssh-keygen -y -f <file>` shows whether it is whole',
  );
}

function keyError({ source }: PrivateKey, seen: string, remedy: string): GitopsError {
  const attempted = `read the private key for SSH${source === undefined ? '' : ` (${source})`}`;
  return new GitopsError('ssh-private-key', { attempted, seen, remedy });
}
