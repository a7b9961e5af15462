import { expect, test } from 'vitest';
import type { RepositoryView } from '../repository-view.ts';
import { loadEnvironment } from './load-environment.ts';

const ENVIRONMENT = `apiVersion: gitops/v1
branch: main
targets:
  docker: { kind: docker, host: docker.example.com, user: gitops }
`;
const FILES = {
  'gitops.yml': 'apiVersion: gitops/v1\nname: infrastructure\n',
  'environments/production/environment.yml': ENVIRONMENT,
};

/** The port needs no disk here: its real implementation has tests of its own. */
function repository(files: Readonly<Record<string, string>>): RepositoryView {
  return {
    root: '/',
    commit: '0'.repeat(40),
    ancestors: [],
    uncommitted: [],
    list: async (folder) =>
      Object.keys(files)
        .filter((path) => path.startsWith(`${folder}/`))
        .map((path) => ({ path, executable: false })),
    stat: async (path) => (path in files ? 'file' : undefined),
    read: async (path) => Buffer.from(files[path] ?? ''),
    isExecutable: async () => false,
  };
}

test('an environment without stacks has one stack in its own folder', async () => {
  const files = { ...FILES, 'environments/production/known_hosts': 'docker.example.com ssh-ed25519 AAAA\n' };
  expect(await loadEnvironment(repository(files), 'production')).toEqual({
    findings: [],
    environment: {
      repositoryName: 'infrastructure',
      name: 'production',
      branch: 'main',
      targets: [
        {
          kind: 'docker',
          name: 'docker',
          host: 'docker.example.com',
          port: 22,
          user: 'gitops',
          stateDir: '/var/lib/gitops',
        },
      ],
      stacks: [{ name: 'infrastructure-production', folder: 'environments/production', target: 'docker' }],
      health: { deadlineMs: 120_000, stabilityMs: 15_000, confirmTimeoutMs: 60_000, probes: [] },
      retention: { days: 30, releases: 5 },
      knownHosts: 'docker.example.com ssh-ed25519 AAAA\n',
    },
  });
});

test('probes keep what they expect', async () => {
  const probes = `health:
  probes:
    - { name: web, http: "https://a.example.com/health", expect: { status: 204, body: ok } }
    - { name: database, tcp: "[::1]:5432" }
`;
  const files = { ...FILES, 'environments/production/environment.yml': ENVIRONMENT + probes };
  const { environment } = await loadEnvironment(repository(files), 'production');
  expect(environment?.health.probes).toEqual([
    { name: 'web', kind: 'http', url: 'https://a.example.com/health', status: 204, body: 'ok' },
    { name: 'database', kind: 'tcp', host: '::1', port: 5432 },
  ]);
});

test('probes keep everything they were told, and nothing else', async () => {
  const probes = `health:
  probes:
    - name: web
      http: https://192.0.2.10/health
      headers: { Host: a.example.com }
      timeout: 2s
      redirects: true
      tls: { verify: false }
      expect: { status: [200, 204], headers: { X-Version: "2" } }
    - { name: database, tcp: "a.example.com:5432", timeout: 500ms }
`;
  const files = { ...FILES, 'environments/production/environment.yml': ENVIRONMENT + probes };
  const { environment, findings } = await loadEnvironment(repository(files), 'production');
  expect(environment?.health.probes).toEqual([
    {
      name: 'web',
      kind: 'http',
      url: 'https://192.0.2.10/health',
      headers: { Host: 'a.example.com' },
      timeoutMs: 2000,
      redirects: true,
      tls: { verify: false },
      status: [200, 204],
      answerHeaders: { 'X-Version': '2' },
    },
    { name: 'database', kind: 'tcp', host: 'a.example.com', port: 5432, timeoutMs: 500 },
  ]);
  expect(findings).toEqual([
    {
      rule: 'config/unverified-tls',
      severity: 'warning',
      file: 'environments/production/environment.yml',
      line: 12,
      column: 22,
      message: 'the certificate is not verified: whoever answers is believed',
      remedy: 'name the certificate of its authority in `tls.ca` instead',
    },
  ]);
});

test.each([
  ['.', 'environments/production'],
  ['app/', 'environments/production/app'],
  ['../..', ''],
  ['../../apps/web', 'apps/web'],
])('path %s of a stack is the folder "%s" of the repository', async (path, folder) => {
  const files = {
    ...FILES,
    'environments/production/environment.yml': `${ENVIRONMENT}stacks: [{ name: web, path: ${path} }]\n`,
  };
  const { environment } = await loadEnvironment(repository(files), 'production');
  expect(environment?.stacks).toEqual([{ name: 'web', folder, target: 'docker' }]);
});

test.each([
  ['path: ../../..', '5:29 `../../..` leaves the repository'],
  ['path: /srv', '5:29 `/srv` leaves the repository'],
  ['target: dokcer', '5:31 there is no target `dokcer`'],
])('a stack with %s is refused', async (key, message) => {
  const files = {
    ...FILES,
    'environments/production/environment.yml': `${ENVIRONMENT}stacks: [{ name: web, ${key} }]\n`,
  };
  const { environment, findings } = await loadEnvironment(repository(files), 'production');
  expect(environment).toBeUndefined();
  expect(findings.map(({ line, column, message }) => `${line}:${column} ${message}`)).toEqual([message]);
});

test('an environment that does not exist is answered with those that do', async () => {
  const { findings } = await loadEnvironment(repository(FILES), 'prod');
  expect(findings).toEqual([
    {
      rule: 'config/missing-file',
      severity: 'error',
      file: 'environments/prod/environment.yml',
      message: 'there is no environment `prod`',
      remedy: 'use one of `production`, or create this file',
    },
  ]);
});

test('without gitops.yml the faults of the environment are still reported', async () => {
  const { findings } = await loadEnvironment(
    repository({ 'environments/production/environment.yml': 'targets: 7\n' }),
    'production',
  );
  expect(findings.map(({ file, rule }) => `${file} ${rule}`)).toEqual([
    'gitops.yml config/missing-file',
    'environments/production/environment.yml config/missing-key',
    'environments/production/environment.yml config/invalid-value',
  ]);
});

test.each(['../secrets', 'Prod', '', 'a/b', '-x'])(
  '%o is no name of an environment, and nothing is read',
  async (name) => {
    const { findings } = await loadEnvironment(
      { ...repository({}), stat: () => Promise.reject(new Error('read')) },
      name,
    );
    expect(findings.map(({ rule }) => rule)).toEqual(['config/environment-name']);
  },
);
