import { createHmac } from 'node:crypto';
import { GitopsError } from '@gitops/core';
import { type HostKey, parseHostKey } from './host-key.ts';

/** What a known_hosts text says about one host. */
export interface PinnedKeys {
  /** What the text is called in messages. */
  readonly source: string;
  readonly keys: readonly HostKey[];
  /** Keys that must never be accepted (`@revoked`). */
  readonly revoked: readonly HostKey[];
  /** Keys whose signature on a certificate of the host counts (`@cert-authority`). */
  readonly authorities: readonly HostKey[];
}

type Marker = 'pinned' | '@revoked' | '@cert-authority';

interface KnownHost {
  readonly marker: Marker;
  readonly names: string;
  readonly key: HostKey;
}

/** The name of a host in known_hosts: bare on port 22, else `[host]:port`. Lower case, as OpenSSH compares. */
export function knownHostsName(host: string, port: number): string {
  const name = host.toLowerCase();
  return port === 22 ? name : `[${name}]:${port}`;
}

/**
 * Finds the keys of a host in a text of the format of sshd(8), SSH_KNOWN_HOSTS FILE FORMAT.
 *
 * @throws GitopsError `known-hosts` naming the line that cannot be read, even if it is about another host: a damaged
 * file must not pass for one that has no line for this host.
 */
export function pinnedKeys(text: string, host: string, port: number, source = 'known_hosts'): PinnedKeys {
  const lines = parseKnownHosts(text, source);
  const name = knownHostsName(host, port);
  const keysOf = (marker: Marker, ...names: readonly string[]) =>
    lines
      .filter((line) => line.marker === marker && names.some((each) => matchesName(line.names, each)))
      .map((line) => line.key);
  return {
    source,
    keys: keysOf('pinned', name),
    revoked: keysOf('@revoked', name),
    // `*.example.com` does not match `[docker.example.com]:2222`, so OpenSSH looks for the name without its port as well.
    authorities: keysOf('@cert-authority', name, host.toLowerCase()),
  };
}

function parseKnownHosts(text: string, source: string): KnownHost[] {
  return text.split(/\r?\n/).flatMap((line, index) => {
    const trimmed = line.trim();
    return trimmed === '' || trimmed.startsWith('#') ? [] : [parseLine(trimmed, `line ${index + 1} of ${source}`)];
  });
}

function parseLine(line: string, place: string): KnownHost {
  const words = line.split(/\s+/);
  const marker = parseMarker(words, place);
  const [names, type, base64] = marker === 'pinned' ? words : words.slice(1);
  if (!names || !type || !base64) throw malformed(place, 'it is not `names type key`');
  if (names.startsWith('|') && !HASHED_NAME.test(names)) throw malformed(place, 'its hashed name is damaged');
  return { marker, names, key: parseKey(type, base64, place) };
}

function parseMarker(words: readonly string[], place: string): Marker {
  const first = words[0] ?? '';
  if (!first.startsWith('@')) return 'pinned';
  if (first === '@revoked' || first === '@cert-authority') return first;
  throw malformed(place, `\`${first}\` is neither @revoked nor @cert-authority`);
}

function parseKey(type: string, base64: string, place: string): HostKey {
  // Buffer.from skips what is not base64, so a damaged key would pass for another one.
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(base64)) throw malformed(place, 'its key is not base64');
  const key = parseHostKey(Buffer.from(base64, 'base64'));
  if (key?.type !== type) throw malformed(place, `its key is cut off or not of the type \`${type}\``);
  return key;
}

const HASHED_NAME = /^\|1\|([A-Za-z0-9+/]+=*)\|([A-Za-z0-9+/]+=*)$/;

function matchesName(names: string, name: string): boolean {
  const hashed = HASHED_NAME.exec(names);
  return hashed ? matchesHash(hashed[1] ?? '', hashed[2] ?? '', name) : matchesPatterns(names.split(','), name);
}

function matchesHash(salt: string, hash: string, name: string): boolean {
  return createHmac('sha1', Buffer.from(salt, 'base64')).update(name).digest().equals(Buffer.from(hash, 'base64'));
}

/** ssh_config(5), PATTERNS: a negated pattern that matches wins over every other one of its list. */
export function matchesPatterns(patterns: readonly string[], name: string): boolean {
  const matches = (pattern: string) => patternExpression(pattern).test(name);
  const denied = patterns.some((pattern) => pattern.startsWith('!') && matches(pattern.slice(1)));
  return !denied && patterns.some((pattern) => !pattern.startsWith('!') && matches(pattern));
}

function patternExpression(pattern: string): RegExp {
  const source = pattern
    .toLowerCase()
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`, 's');
}

function malformed(place: string, seen: string): GitopsError {
  return new GitopsError('known-hosts', {
    attempted: `read ${place}`,
    seen,
    remedy: 'paste the line anew from `/etc/ssh/ssh_host_…_key.pub` on the host, whole and on one line',
  });
}
