import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { fingerprint, serverHostKeyAlgorithms } from './host-key.ts';
import { pinnedKeys } from './known-hosts.ts';

const folder = mkdtempSync(join(tmpdir(), 'known-hosts-'));
afterAll(() => rmSync(folder, { recursive: true }));

function makeKey(type: string): string {
  const file = join(folder, type);
  execFileSync('ssh-keygen', ['-q', '-t', type, '-N', '', '-f', file]);
  return readFileSync(`${file}.pub`, 'utf8').split(' ').slice(0, 2).join(' ');
}

const ed25519 = makeKey('ed25519');
const rsa = makeKey('rsa');

function typesFor(text: string, host: string, port = 22): string[] {
  return pinnedKeys(text, host, port).keys.map((key) => key.type);
}

/** The text as `ssh-keygen -H` hashes it. */
function hashed(text: string): string {
  const file = join(folder, 'known_hosts');
  writeFileSync(file, text);
  execFileSync('ssh-keygen', ['-q', '-H', '-f', file], { stdio: 'ignore' });
  return readFileSync(file, 'utf8');
}

describe('pinnedKeys', () => {
  it.each([
    ['a plain name', 'docker.example.com', 'docker.example.com', 22],
    ['a name of a comma list', 'other,docker.example.com,10.0.0.1', '10.0.0.1', 22],
    ['another case', 'Docker.Example.com', 'docker.EXAMPLE.com', 22],
    ['a pattern with *', '*.example.com', 'docker.example.com', 22],
    ['a pattern with ?', 'host?', 'host7', 22],
    ['a port', '[docker.example.com]:2222', 'docker.example.com', 2222],
    ['a pattern with a port', '[*.example.com]:2222', 'docker.example.com', 2222],
    ['an IPv6 address', 'fe80::1', 'fe80::1', 22],
  ])('finds a key by %s', (_, names, host, port) => {
    expect(typesFor(`${names} ${ed25519}`, host, port)).toEqual(['ssh-ed25519']);
  });

  it.each([
    ['another name', 'docker.example.com', 'docker.example.org', 22],
    ['a dot of a name that is no wildcard', 'a.b', 'axb', 22],
    ['a part of a name', 'docker', 'docker.example.com', 22],
    [
      'a negated name, though a pattern of the list matches',
      '*.example.com,!docker.example.com',
      'docker.example.com',
      22,
    ],
    ['a negated name alone', '!other', 'docker', 22],
    ['the bare name for another port', 'docker', 'docker', 2222],
    ['another port', '[docker]:2223', 'docker', 2222],
    ['a ? for no character', 'host?', 'host', 22],
  ])('finds no key for %s', (_, names, host, port) => {
    expect(typesFor(`${names} ${ed25519}`, host, port)).toEqual([]);
  });

  it('finds keys under names that ssh-keygen -H hashed, with and without a port', () => {
    const text = hashed(`docker.example.com ${ed25519}\n[docker.example.com]:2222 ${rsa}\n`);
    expect(text).not.toContain('docker');
    expect(typesFor(text, 'Docker.example.com')).toEqual(['ssh-ed25519']);
    expect(typesFor(text, 'docker.example.com', 2222)).toEqual(['ssh-rsa']);
    expect(typesFor(text, 'other.example.com')).toEqual([]);
  });

  it('skips comments, empty lines and what follows the key, and reads Windows line ends', () => {
    expect(typesFor(`# a comment\r\n\r\n  docker ${ed25519} root@docker, a comment\r\n`, 'docker')).toHaveLength(1);
  });

  it('keeps revoked keys and certificate authorities apart', () => {
    const pinned = pinnedKeys(
      `@revoked * ${rsa}\n@cert-authority *.lan ${ed25519}\ndocker.lan ${ed25519}`,
      'docker.lan',
      22,
    );
    expect(pinned.keys.map((key) => key.type)).toEqual(['ssh-ed25519']);
    expect(pinned.revoked.map((key) => key.type)).toEqual(['ssh-rsa']);
    expect(pinned.authorities.map((key) => key.type)).toEqual(['ssh-ed25519']);
  });

  it.each([
    ['without a key', 'docker ssh-ed25519', /not `names type key`/],
    ['with a key cut in the middle', `docker ${ed25519.slice(0, 40)}!`, /not base64/],
    ['with a key that is only its type', `docker ${ed25519.slice(0, 32)}`, /cut off/],
    ['with the type of another key', `docker ssh-rsa ${ed25519.split(' ')[1]}`, /not of the type `ssh-rsa`/],
    ['with an unknown marker', `@trusted docker ${ed25519}`, /@trusted/],
    ['with a damaged hash', `|1|abc ${ed25519}`, /hashed name/],
  ])('names the line %s, even if it is about another host', (_, line, seen) => {
    const read = () => pinnedKeys(`# first\nhost ${rsa}\n${line}\n`, 'host', 22);
    expect(read).toThrow(/line 3 of known_hosts/);
    expect(read).toThrow(seen);
  });
});

describe('host keys', () => {
  it('have the fingerprint that ssh-keygen -l prints', () => {
    const printed = execFileSync('ssh-keygen', ['-lf', join(folder, 'rsa.pub')])
      .toString()
      .split(' ')[1];
    expect(pinnedKeys(`docker ${rsa}`, 'docker', 22).keys.map((key) => fingerprint(key.blob))).toEqual([printed]);
  });

  it('of RSA are offered with SHA-2 signatures only, after stronger types', () => {
    const { keys } = pinnedKeys(`docker ${rsa}\ndocker ${ed25519}`, 'docker', 22);
    expect(serverHostKeyAlgorithms(keys)).toEqual(['ssh-ed25519', 'rsa-sha2-512', 'rsa-sha2-256']);
  });
});
