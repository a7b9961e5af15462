import { expect, test } from 'vitest';
import { assembleEnvironment } from './assemble-environment.ts';
import { readEnvironmentFile, readGitopsFile } from './read-configuration.ts';

const PLACE = { repositoryName: 'infrastructure', name: 'production', folder: 'environments/production' };
const HEAD = 'apiVersion: gitops/v1\ntargets: { docker: { kind: docker, host: docker.example.com, user: gitops } }\n';

function read(lines: string) {
  return assembleEnvironment(PLACE, readEnvironmentFile('environment.yml', HEAD + lines), {
    texts: new Map(),
    findings: [],
  });
}

test('approvals are required where an environment says so, and nowhere else', () => {
  expect(read('approvals: required\n')).toMatchObject({ environment: { approvals: 'required' }, findings: [] });
  expect(read('').environment).not.toHaveProperty('approvals');
});

test.each(['approvals: true', 'approvals: 2', 'approvals: requried', 'approvals: { count: 1 }', 'approvals:'])(
  '%s is none of the words',
  (line) => {
    const { environment, findings } = read(`${line}\n`);
    expect(environment).toBeUndefined();
    expect(findings).toMatchObject([{ line: 3, remedy: expect.stringContaining('`required`') }]);
  },
);

test('approvals are not for all environments at once', () => {
  const { findings } = readGitopsFile('gitops.yml', 'apiVersion: gitops/v1\nname: x\napprovals: required\n');
  expect(findings).toMatchObject([{ message: expect.stringContaining('reserved') }]);
});
