import { expect, test } from 'vitest';
import { assembleEnvironment } from './assemble-environment.ts';
import { readEnvironmentFile } from './read-configuration.ts';

const PLACE = { repositoryName: 'infrastructure', name: 'production', folder: 'environments/production' };

const NO_AUTHORITIES = { texts: new Map(), findings: [] };

function read(jump: string) {
  const target = `{ kind: docker, host: docker.example.com, user: gitops, jump: ${jump} }`;
  const text = `apiVersion: gitops/v1\ntargets:\n  docker: ${target}\n`;
  return assembleEnvironment(PLACE, readEnvironmentFile('environment.yml', text), NO_AUTHORITIES);
}

test('jump hosts keep their order, and take the port of SSH and the user of the target where they name none', () => {
  const { environment, findings } = read('[{ host: bastion.example.com }, { host: "::1", port: 2222, user: jump }]');
  expect(findings).toEqual([]);
  expect(environment?.targets[0]?.jump).toEqual([
    { host: 'bastion.example.com', port: 22, user: 'gitops' },
    { host: '::1', port: 2222, user: 'jump' },
  ]);
});

test.each([
  ['a name', 'bastion', 'write a list of jump hosts: `- host: bastion.example.com`'],
  ['a mapping', '{ host: bastion }', 'write a list of jump hosts: `- host: bastion.example.com`'],
  ['nothing', '[]', 'add a jump host, or leave `jump` out'],
  ['user and host in one', '[{ host: jump@bastion }]', 'write a host name or an IP address'],
  ['an unknown key', '[{ host: bastion, key: x }]', 'use one of `host`, `port`, `user`'],
])('%s is no list of jump hosts', (_, jump, remedy) => {
  const { environment, findings } = read(jump);
  expect(environment).toBeUndefined();
  expect(findings.map((finding) => finding.remedy).join()).toContain(remedy);
});
