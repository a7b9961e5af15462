import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A pair of keys that ssh-keygen made. */
export interface KeyFile {
  readonly path: string;
  readonly privateText: string;
  /** `type base64 comment` */
  readonly publicText: string;
}

/** A folder for the keys of a test. */
export class KeyFolder {
  readonly path = mkdtempSync(join(tmpdir(), 'ssh-keys-'));

  /** Makes a key; the options are those of ssh-keygen. */
  make(name: string, options: readonly string[] = ['-t', 'ed25519'], passphrase = ''): KeyFile {
    const path = join(this.path, name);
    execFileSync('ssh-keygen', ['-q', ...options, '-N', passphrase, '-C', name, '-f', path]);
    return { path, privateText: readFileSync(path, 'utf8'), publicText: readFileSync(`${path}.pub`, 'utf8') };
  }

  /** Makes a key of OpenSSL in PKCS#8; ssh-keygen tells its public part. */
  makePkcs8(name: string, options: readonly string[], passphrase = ''): KeyFile {
    const path = join(this.path, name);
    const cipher = passphrase === '' ? [] : ['-aes256', '-pass', `pass:${passphrase}`];
    execFileSync('openssl', ['genpkey', ...options, ...cipher, '-out', path], { stdio: 'ignore' });
    execFileSync('chmod', ['600', path]);
    return { path, privateText: readFileSync(path, 'utf8'), publicText: publicTextOf(path, passphrase) };
  }

  remove(): void {
    rmSync(this.path, { recursive: true });
  }
}

// Older versions of ssh-keygen read no Ed25519 key in PKCS#8, so OpenSSL tells its 32 bytes.
function publicTextOf(path: string, passphrase: string): string {
  const der = execFileSync('openssl', [
    'pkey',
    '-in',
    path,
    '-passin',
    `pass:${passphrase}`,
    '-pubout',
    '-outform',
    'DER',
  ]);
  if (der.length !== 44) return execFileSync('ssh-keygen', ['-y', '-P', passphrase, '-f', path]).toString();
  const head = Buffer.from('\0\0\0\x0bssh-ed25519\0\0\0\x20');
  return `ssh-ed25519 ${Buffer.concat([head, der.subarray(12)]).toString('base64')}`;
}
