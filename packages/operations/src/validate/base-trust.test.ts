import type { Environment } from '@gitops/core';
import { describe, expect, test } from 'vitest';
import { environment, target } from '../../../core/src/testing/desired-state.ts';
import { changedTargets, mayAskRegistry, trustedLogins } from './base-trust.ts';

const here = environment({ targets: [target()], knownHosts: 'docker.example.com ssh-ed25519 AAAA' });

function spec(host: string, password: string) {
  const place = { file: 'environments/production/environment.yml' };
  return { host, username: 'robot', password, key: 'registries[0]', usernameAt: place, passwordAt: place };
}

function withRegistries(...specs: readonly ReturnType<typeof spec>[]): Environment {
  return { ...here, registries: specs };
}

describe('a host is asked only as the base branch says', () => {
  test('if nothing of the way to it has changed', () => {
    const branch = { ...here, health: { ...here.health, deadlineMs: 1 }, retention: { days: 1, releases: 1 } };
    expect(changedTargets(here, { environment: branch })).toEqual([]);
  });

  test.each<[what: string, base: Environment | undefined]>([
    ['another address', { ...here, targets: [target({ host: 'other.example.com' })] }],
    ['another port', { ...here, targets: [target({ port: 2222 })] }],
    ['another user', { ...here, targets: [target({ user: 'root' })] }],
    ['other words that call Docker', { ...here, targets: [target({ docker: 'sudo docker' })] }],
    ['another way through', { ...here, targets: [target({ jump: [{ host: 'bastion', port: 22, user: 'x' }] })] }],
    ['another folder for state', { ...here, targets: [target({ stateDir: '/srv/gitops' })] }],
    ['another name', { ...here, targets: [target({ name: 'other' })] }],
    ['other keys of hosts', { ...here, knownHosts: 'docker.example.com ssh-ed25519 BBBB' }],
    ['the records of another repository', { ...here, repositoryName: 'other' }],
    ['no such environment', undefined],
  ])('not with %s', (_, base) => {
    expect(changedTargets(here, { environment: base })).toEqual(here.targets);
  });

  test('unless nobody says that it is a pull request', () => {
    expect(changedTargets(here, undefined)).toEqual([]);
  });
});

describe('a registry', () => {
  const login = { host: 'ghcr.io', username: 'robot', password: 'the token', source: '' };
  const asked = withRegistries(spec('GHCR.io', '${TOKEN}'));

  test('gets the login that it got before', () => {
    expect(trustedLogins([login], asked, { environment: asked })).toEqual([login]);
    expect(trustedLogins([login], asked, undefined)).toEqual([login]);
  });

  test('gets no other one, and a new one none', () => {
    const before = withRegistries(spec('ghcr.io', '${OTHER_TOKEN}'));
    expect(trustedLogins([login], asked, { environment: before })).toEqual([]);
    expect(trustedLogins([login], asked, { environment: here })).toEqual([]);
  });

  test.each([
    ['docker.io', true],
    ['registry.example.com', true],
    ['known.lan:5000', true],
    ['other.lan', false],
    ['registry.example.com:8443', false],
    ['127.0.0.1', false],
    ['169.254.169.254', false],
    ['localhost', false],
    ['[::1]:5000', false],
  ])('%s', (registry, isAsked) => {
    const base = { environment: withRegistries(spec('known.lan:5000', '${TOKEN}')) };
    expect(mayAskRegistry(registry, base)).toBe(isAsked);
    expect(mayAskRegistry(registry, undefined)).toBe(true);
  });
});
