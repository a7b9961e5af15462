import { expect, test } from 'vitest';
import { repositoryAt } from './repository-at.ts';

test.each([
  'https://github.com/acme/infra.git',
  'https://github.com/acme/infra',
  'https://github.com/acme/infra/',
  'https://anna:pass@GitHub.com/acme/infra.git',
  'git@github.com:acme/infra.git',
  'github.com:acme/infra',
  'ssh://git@github.com/acme/infra.git',
  'ssh://git@ssh.github.com:443/acme/infra.git',
])('%s is acme/infra on GitHub', (address) => {
  expect(repositoryAt(address, {})).toEqual({ apiUrl: 'https://api.github.com', repository: 'acme/infra' });
});

test.each([
  '/srv/git/infra.git',
  '../infra',
  'file:///srv/git/acme/infra.git',
  'https://gitlab.com/acme/infra.git',
  'https://github.com.example.com/acme/infra.git',
  'https://github.com@example.com/acme/infra.git',
  'git@example.com:github.com/acme/infra.git',
  'https://github.com/acme',
  'https://github.com/acme/infra/tree/main',
  'https://github.com/acme/../infra',
  'git@github-work:acme/infra.git',
  'C:\\infra',
  '',
])('%j is not on GitHub, and gets no token', (address) => {
  expect(repositoryAt(address, { GITHUB_SERVER_URL: 'https://github.example.com' })).toBeUndefined();
});

test.each([
  [{ GITHUB_SERVER_URL: 'https://github.example.com' }, 'github.example.com', 'https://github.example.com/api/v3'],
  [{ GITHUB_SERVER_URL: 'https://acme.ghe.com' }, 'acme.ghe.com', 'https://api.acme.ghe.com'],
  [{ GITHUB_API_URL: 'http://127.0.0.1:8080' }, 'github.com', 'http://127.0.0.1:8080'],
])('with %j there is a GitHub at %s', (env, host, apiUrl) => {
  expect(repositoryAt(`git@${host}:acme/infra.git`, env)).toEqual({ apiUrl, repository: 'acme/infra' });
});
