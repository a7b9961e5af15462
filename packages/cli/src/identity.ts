import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { GitopsError } from '@gitops/core';
import type { Credentials } from '@gitops/operations';

export interface IdentityOptions {
  readonly identity?: string;
  readonly knownHosts?: string;
}

/** Reads the private key and the pinned host keys that the options, the environment or the habits of OpenSSH name. */
export async function readIdentity({ identity, knownHosts }: IdentityOptions): Promise<Credentials> {
  return {
    privateKey: identity === undefined ? await firstKey() : await readNamed(identity, 'private key'),
    knownHostsSource: knownHosts ?? '',
    knownHosts: knownHosts === undefined ? '' : await readNamed(knownHosts, 'known_hosts'),
  };
}

async function firstKey(): Promise<string> {
  const named = process.env['GITOPS_SSH_KEY_FILE'];
  if (named) return readNamed(named, 'private key');
  for (const name of ['id_ed25519', 'id_ecdsa', 'id_rsa']) {
    const text = await readFile(join(homedir(), '.ssh', name), 'utf8').catch(absent);
    if (text !== undefined) return text;
  }
  throw new GitopsError('identity', {
    attempted: 'find a private key',
    seen: 'there is none in ~/.ssh, and neither `--identity` nor GITOPS_SSH_KEY_FILE names one',
    remedy: 'make one with `ssh-keygen -t ed25519` and add its public part to authorized_keys on the host',
  });
}

/** Reads a file that the command line names. Throws `GitopsError` `identity`. */
export async function readNamed(path: string, what: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    const seen = error instanceof Error ? error.message : String(error);
    throw new GitopsError('identity', {
      attempted: `read the ${what} ${path}`,
      seen,
      remedy: 'correct the path',
      cause: error,
    });
  }
}

function absent(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
}
