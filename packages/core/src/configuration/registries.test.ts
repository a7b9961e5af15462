import { describe, expect, it } from 'vitest';
import { readEnvironmentFile, readGitopsFile } from './read-configuration.ts';
import { registryFindings, registrySpecs } from './registry-findings.ts';

const FILE = 'environments/lab/environment.yml';
const HEAD = 'apiVersion: gitops/v1\ntargets: { docker: { kind: docker, host: docker.example.com, user: gitops } }\n';

function read(...lines: readonly string[]) {
  return readEnvironmentFile(FILE, `${HEAD}registries:\n${lines.map((line) => `  ${line}\n`).join('')}`);
}

function shown(...lines: readonly string[]): readonly string[] {
  const result = read(...lines);
  return [...result.findings, ...registryFindings(result)].map(
    ({ line, column, message, remedy }) => `${line}:${column} ${message} → ${remedy}`,
  );
}

const LOGIN = ['username: robot', 'password: "$TOKEN"'];

describe('registries', () => {
  it('are read with the place of each value', () => {
    const result = read('- host: ghcr.io', '  username: robot', '  password: ${GHCR_TOKEN}');
    expect(result.findings).toEqual([]);
    expect(registrySpecs(result)).toEqual([
      {
        host: 'ghcr.io',
        username: 'robot',
        password: '${GHCR_TOKEN}',
        key: 'registries[0]',
        usernameAt: { file: FILE, line: 5, column: 15 },
        passwordAt: { file: FILE, line: 6, column: 15 },
      },
    ]);
  });

  it.each([
    'ghcr.io',
    'docker.io',
    'registry.example.com:5000',
    'localhost',
    'localhost:5000',
    '127.0.0.1:5000',
    '[::1]:5000',
  ])('may be %s', (host) => {
    expect(shown(`- { host: "${host}", ${LOGIN.join(', ')} }`)).toEqual([]);
  });

  it.each([
    ['https://ghcr.io', /without `https:\/\/`/],
    ['ghcr.io/org', /or a path/],
    ['registry', /as image names do/],
    ['index.docker.io', /write `docker\.io` for Docker Hub/],
  ])('may not be %s', (host, message) => {
    expect(shown(`- { host: "${host}", ${LOGIN.join(', ')} }`)).toEqual([expect.stringMatching(message)]);
  });

  it.each(['hunter2hunter2', '"12345678"', '12345678', '${TOKEN:-hunter2}', 'x${TOKEN}', '$$TOKEN', '[hunter2]'])(
    'have no password written as %s, and what was written is not repeated',
    (password) => {
      const [only, ...others] = shown('- host: ghcr.io', '  username: robot', `  password: ${password}`);
      expect(others).toEqual([]);
      expect(only).toMatch(/^6:15 `registries\[0\]\.password` is no variable, .* → write one variable of a `\.env`/);
      expect(only).not.toMatch(/hunter2|12345678|\$\$TOKEN/);
    },
  );

  it('need all three keys, and take no others', () => {
    expect(shown('- host: ghcr.io', '  token: x')).toEqual([
      expect.stringMatching(/`registries\[0\]\.username` is missing/),
      expect.stringMatching(/`registries\[0\]\.password` is missing/),
      expect.stringMatching(/^5:5 unknown key `token`/),
    ]);
  });

  it('know one login for each host', () => {
    expect(shown(`- { host: ghcr.io, ${LOGIN.join(', ')} }`, `- { host: GHCR.io, ${LOGIN.join(', ')} }`)).toEqual([
      expect.stringMatching(/^5:13 there is another login for `ghcr\.io`/),
    ]);
  });

  it('belong to an environment', () => {
    const { findings } = readGitopsFile('gitops.yml', 'apiVersion: gitops/v1\nname: shop\nregistries: []\n');
    expect(findings.map(({ message }) => message)).toEqual(['`registries` is reserved, not supported yet']);
  });
});
