import { GitopsError } from '@gitops/core';
import { fingerprint, type HostKey, knownHostsName, offeredKeys, pinnedKeys, publicKeyFile } from '@gitops/host';
import type { InitAnswers } from '@gitops/operations';
import { readNamed } from '../identity.ts';
import type { Interview } from './interview.ts';
import type { InitOptions } from './options.ts';

const CONNECT_MS = 15_000;

/**
 * Lines of known_hosts for the host: from a file, or of the key the host shows if its fingerprint is the one that was
 * given, or if a person says that it is the right one. There is no other way: nothing is trusted on first use.
 *
 * @throws GitopsError `known-hosts`, `input`, `cancelled`, `ssh-host-key-mismatch`, or as `offeredKeys`
 */
export async function pinHostKey(
  options: InitOptions,
  answers: InitAnswers,
  interview: Interview,
  signal: AbortSignal,
): Promise<readonly string[]> {
  if (options.knownHosts !== undefined) return linesOf(options.knownHosts, answers);
  if (options.offline) throw offlineWithoutKey();
  const { host, port, user } = answers;
  const offered = offeredKeys({ host, port, user, connectTimeoutMs: CONNECT_MS, signal });
  const wanted = options.hostKeyFingerprint;
  const key =
    wanted === undefined ? await shownTo(interview, offered, answers) : await matching(wanted, offered, answers);
  return [lineFor(answers, key)];
}

function offlineWithoutKey(): GitopsError {
  return new GitopsError('input', {
    attempted: 'pin the host key',
    seen: 'with --offline nobody asks the host for it',
    remedy: 'add --known-hosts with a file that has a line for it',
  });
}

async function linesOf(path: string, answers: InitAnswers): Promise<readonly string[]> {
  const pinned = pinnedKeys(await readNamed(path, 'known_hosts'), answers.host, answers.port, path);
  if (pinned.keys.length > 0) {
    const revoked = pinned.revoked.map((key) => `@revoked ${lineFor(answers, key)}`);
    return [...pinned.keys.map((key) => lineFor(answers, key)), ...revoked];
  }
  throw new GitopsError('known-hosts', {
    attempted: `take the host key from ${path}`,
    seen: `it has no line for ${knownHostsName(answers.host, answers.port)}`,
    remedy: 'give a file that has one, or --host-key-fingerprint',
  });
}

async function matching(wanted: string, offered: AsyncIterable<HostKey>, answers: InitAnswers): Promise<HostKey> {
  const seen: string[] = [];
  for await (const key of offered) {
    if (fingerprint(key.blob) === wanted) return key;
    seen.push(`${key.type} ${fingerprint(key.blob)}`);
  }
  throw new GitopsError('ssh-host-key-mismatch', {
    attempted: `find the host key ${wanted} at ${answers.host}:${answers.port}`,
    seen: seen.length === 0 ? 'the host shows no key that is supported' : `the host shows ${seen.join(', ')}`,
    remedy: `run on the host itself: ssh-keygen -lf ${publicKeyFile('ssh-ed25519')}; if that is none of these, somebody may sit in between`,
  });
}

async function shownTo(interview: Interview, offered: AsyncIterable<HostKey>, answers: InitAnswers): Promise<HostKey> {
  for await (const key of offered) {
    const question = `\n${answers.host}:${answers.port} shows the host key
  ${key.type} ${fingerprint(key.blob)}
Compare it with what this prints on the host itself:
  ssh-keygen -lf ${publicKeyFile(key.type)}
Are they the same?`;
    if (await interview.confirm(question)) return key;
    throw notAccepted(answers);
  }
  throw notAccepted(answers);
}

function notAccepted({ host, port }: InitAnswers): GitopsError {
  return new GitopsError('cancelled', {
    attempted: `pin the host key of ${host}:${port}`,
    seen: 'nobody said that it is the right one',
    remedy: 'compare it on the host, or give --host-key-fingerprint or --known-hosts',
  });
}

function lineFor({ host, port }: InitAnswers, key: HostKey): string {
  return `${knownHostsName(host, port)} ${key.type} ${key.blob.toString('base64')}`;
}
