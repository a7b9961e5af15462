import { GitopsError } from '@gitops/core';
import type { ParsedKey, utils } from 'ssh2';

/** The one function of ssh2 that is used here. */
export interface KeyParser {
  readonly parseKey: typeof utils.parseKey;
}

/**
 * Reads the private key of the user. The error never holds the key, any part of it or what ssh2 said about it.
 *
 * @throws GitopsError `ssh-private-key`
 */
export function parsePrivateKey(parser: KeyParser, privateKey: string, passphrase?: string): ParsedKey {
  if (privateKey.trim() === '') throw keyError('it is empty', 'set the secret; a workflow from a fork does not get it');
  const key = parser.parseKey(privateKey, passphrase);
  if (key instanceof Error) throw unparsable(key.message);
  if (!key.isPrivateKey()) throw keyError('it is a public key', 'give the file without `.pub`');
  return key;
}

function unparsable(message: string): GitopsError {
  if (message.includes('no passphrase')) {
    return keyError('it is encrypted and no passphrase is given', 'give the passphrase, or a key without one');
  }
  if (message.includes('integrity check') || message.includes('bad passphrase')) {
    return keyError('the passphrase does not open it', 'compare the passphrase with the one `ssh-keygen -y -f` takes');
  }
  return keyError(
    'it is not a key in OpenSSH or PEM format, or it is cut off',
    'paste the whole file, from BEGIN to END with its line breaks; a PKCS#8 key is converted by `ssh-keygen -p -f <file>`',
  );
}

function keyError(seen: string, remedy: string): GitopsError {
  return new GitopsError('ssh-private-key', { attempted: 'read the private key for SSH', seen, remedy });
}
