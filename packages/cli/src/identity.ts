import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { GitopsError } from '@gitops/core';
import type { Credentials } from '@gitops/operations';
import { askHidden } from './ask-hidden.ts';

export interface IdentityOptions {
  readonly identity?: string;
  readonly knownHosts?: string;
}

type Key = Credentials['keys'][number];

/**
 * Finds what to log in with, by the options, the environment or the habits of OpenSSH: a key that is named is the only
 * one to try, else the keys of the ssh-agent come first and then those in ~/.ssh.
 */
export async function readIdentity({ identity, knownHosts }: IdentityOptions): Promise<Credentials> {
  const named = identity ?? process.env['GITOPS_SSH_KEY_FILE'];
  const agentSocket = named ? undefined : process.env['SSH_AUTH_SOCK'];
  const keys = named ? [keyOf(named, await readNamed(named, 'private key'))] : await habitualKeys();
  if (keys.length === 0 && !agentSocket) throw noKeyError();
  return {
    keys,
    ...(agentSocket && { agentSocket }),
    ...(process.stdin.isTTY && process.stderr.isTTY && { askPassphrase: askOnce() }),
    knownHostsSource: knownHosts ?? '',
    knownHosts: knownHosts === undefined ? '' : await readNamed(knownHosts, 'known_hosts'),
  };
}

async function habitualKeys(): Promise<Key[]> {
  const keys: Key[] = [];
  for (const name of ['id_ed25519', 'id_ecdsa', 'id_rsa']) {
    const text = await readFile(join(homedir(), '.ssh', name), 'utf8').catch(absent);
    if (text !== undefined) keys.push(keyOf(`~/.ssh/${name}`, text));
  }
  return keys;
}

function keyOf(source: string, text: string): Key {
  return { source, text, passphrase: process.env['GITOPS_SSH_PASSPHRASE'] ?? '' };
}

/** A deployment may connect more than once. */
function askOnce(): (keySource: string) => Promise<string> {
  const answers = new Map<string, Promise<string>>();
  return (keySource) => {
    const answer = answers.get(keySource) ?? askHidden(`Passphrase of ${keySource}: `, process.stdin, process.stderr);
    answers.set(keySource, answer);
    return answer;
  };
}

function noKeyError(): GitopsError {
  return new GitopsError('identity', {
    attempted: 'find a private key',
    seen: 'there is none in ~/.ssh, no ssh-agent (SSH_AUTH_SOCK), and neither `--identity` nor GITOPS_SSH_KEY_FILE names one',
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
