import { posix } from 'node:path';
import type { Finding } from '@gitops/core';
import { secretFinding } from '../rules.ts';
import { isSample } from './file-names.ts';
import { isSecretLiteral } from './literal.ts';
import type { ScannedFile } from './scanned-file.ts';

/** What such a file is, and its names. Key files of SSH may be of any kind, public ones end in `.pub`. */
const KEY_FILES: readonly (readonly [what: string, name: RegExp])[] = [
  ['a key file of age', /\.agekey$|^keys\.txt$|^age[-_.]?key\.txt$/i],
  ['a private key of SSH', /^id_(?:rsa|dsa|ecdsa|ed25519|ecdsa_sk|ed25519_sk)$|^ssh_host_[a-z0-9]+_key$/i],
  ['a private key', /\.(?:pem|key|ppk)$/i],
  ['a key store', /\.(?:p12|pfx|jks|keystore|kdbx)$/i],
  ['a file of logins', /^(?:\.netrc|\.pgpass|\.my\.cnf|\.git-credentials|\.vault[-_]pass(?:word)?)$/i],
];
/** Even one that a passphrase protects is something to try passphrases on. */
const PRIVATE = /PRIVATE KEY|PuTTY-User-Key-File|AGE-SECRET-KEY-/;
const ENCRYPTED_AGE = /^(?:-----BEGIN AGE ENCRYPTED FILE-----|age-encryption\.org\/)/;
const REMEDY =
  'take it out of git (`git rm --cached FILE`), name it in .gitignore, or keep it encrypted by SOPS; what was in it has to be changed, since the history of git keeps it';

/** A file whose name says that it holds keys, logins or one secret, and whose content does not say otherwise. */
export function keyFileFinding({ path, content }: ScannedFile, isBinary: boolean): readonly Finding[] {
  const name = posix.basename(path);
  if (isSample(path) || content.length === 0) return [];
  const [what] = KEY_FILES.find(([, pattern]) => pattern.test(name)) ?? [];
  const isHeld = what !== undefined && (isBinary || holdsSecrets(what, content.toString('latin1')));
  if (!isHeld && (isBinary || !isOneSecret(name, content))) return [];
  const message = `${isHeld ? what : 'a file that is nothing but a secret'} is in git in clear`;
  return [secretFinding('secret/plaintext-file', { file: path }, message, REMEDY)];
}

const LONGEST_SECRET_BYTES = 4096;

/** What `secrets:` of a Compose file reads: `db_password.txt`, with a value and nothing else in it. */
function isOneSecret(name: string, content: Buffer): boolean {
  const stem = name.replace(/\.(?:txt|secret)$/i, '');
  if (stem.includes('.') || content.length > LONGEST_SECRET_BYTES) return false;
  const text = content.toString('utf8').trim();
  return !/\s/.test(text) && isSecretLiteral(stem, text);
}

/** Certificates are `.pem` too, and a `keys.txt` may list anything. */
function holdsSecrets(what: string, text: string): boolean {
  if (ENCRYPTED_AGE.test(text)) return false;
  return what === 'a file of logins' ? /\S/.test(text) : PRIVATE.test(text);
}

/** An env file in which at least one value is a secret in clear. */
export function envFileFinding(path: string): Finding {
  return secretFinding('secret/plaintext-file', { file: path }, 'an env file with secrets is in git in clear', ENCRYPT);
}

const ENCRYPT =
  'encrypt it (`gitops secrets encrypt FILE -o FILE.encrypted`), take the plain one out of git and name it in .gitignore; change what was in it, since the history of git keeps it';
