import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runCommand } from './command.ts';

/** The two halves of a key, as OpenSSH writes them. */
export interface KeyPair {
  readonly private: string;
  readonly public: string;
}

/** Makes the files `name` and `name.pub` in a directory. */
export async function createKey(directory: string, name: string): Promise<KeyPair> {
  const path = join(directory, name);
  await runCommand('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', `lab-${name}`, '-f', path]);
  return { private: await readFile(path, 'utf8'), public: await readFile(`${path}.pub`, 'utf8') };
}

/** The key `user` in a directory: the given one, or one that is made. */
export async function userKey(directory: string, given: KeyPair | undefined): Promise<KeyPair> {
  if (!given) return createKey(directory, 'user');
  await writeFile(join(directory, 'user'), given.private, { mode: 0o600 });
  return given;
}

/** Arguments for `ssh`, up to and including the destination; the key `user` and `known_hosts` lie in `directory`. */
export function sshArguments(directory: string, destination: string, port: number): readonly string[] {
  const options = [`UserKnownHostsFile=${join(directory, 'known_hosts')}`, 'IdentitiesOnly=yes', 'BatchMode=yes'];
  const flags = options.flatMap((option) => ['-o', option]);
  return ['-F', 'none', '-i', join(directory, 'user'), '-p', String(port), ...flags, destination];
}

/** The line of known_hosts for a key of `ssh-keygen`, without its comment. */
export function knownHostsLine(address: string, port: number, publicKey: string): string {
  return `[${address}]:${port} ${publicKey.split(' ').slice(0, 2).join(' ').trim()}`;
}
