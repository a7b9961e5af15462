import {
  ConfigurationError,
  type DeployResult,
  deployFailed,
  type Finding,
  GitopsError,
  RefusedError,
} from '@gitops/core';
import { describe, expect, test } from 'vitest';
import { environment, target } from '../../../core/src/testing/desired-state.ts';
import { isKnown, planFindings } from './plan-findings.ts';

const two = environment({ targets: [target(), target({ name: 'edge', host: 'edge.example.com' })] });
const lines = { docker: 4, edge: 8 };

function stackCalled(name: string) {
  const spec = { name, folder: name, target: 'docker' };
  return {
    spec,
    target: target(),
    project: { name, model: {}, placeOf: () => ({ file: `${name}/compose.yaml`, line: 9 }) },
  };
}

function placesOf(result: DeployResult, stacks: readonly string[] = ['shop', 'blog']) {
  const placeOf = (name: string | undefined) => ({
    file: 'environment.yml',
    line: Object.entries(lines).find(([each]) => each === name)?.[1] ?? 1,
  });
  const findings = planFindings(result, { environment: two, stacks: stacks.map(stackCalled), placeOf });
  return findings.map(({ rule, file, line }) => `${rule} ${file}:${line}`);
}

function failed(code: string, attempted: string, seen = 'x'): DeployResult {
  return deployFailed(new GitopsError(code, { attempted, seen, remedy: 'mend it' }));
}

describe('a plan that', () => {
  test('was made has nothing to be found', () => {
    expect(placesOf({ outcome: 'planned', release: '', previousRelease: '', targets: [] })).toEqual([]);
  });

  test('Compose or the loader refuses says where', () => {
    const finding: Finding = {
      rule: 'compose/refused',
      severity: 'error',
      file: 'a',
      line: 3,
      message: '',
      remedy: '',
    };
    const result = deployFailed(new ConfigurationError([finding]));
    expect([isKnown(result), placesOf(result)]).toEqual([true, ['compose/refused a:3']]);
  });

  test.each<[what: string, result: DeployResult, place: string]>([
    [
      'a stack is taken',
      failed('host-conflict', 'deploy to docker.example.com', 'the port 80/tcp of blog/web is held'),
      'blog/compose.yaml:1',
    ],
    [
      'a change is blocked',
      deployFailed(
        new RefusedError('policy', {
          attempted: 'carry out the plan',
          seen: 'compose:shop/volume/data: it would be lost',
          remedy: '',
        }),
      ),
      'shop/compose.yaml:1',
    ],
    [
      'a disk is full',
      failed('disk-full', 'upload the files to gitops@edge.example.com:22', 'shop'),
      'environment.yml:8',
    ],
    [
      'Compose is missing',
      failed('compose-missing', 'use Docker Compose on gitops@docker.example.com:22'),
      'environment.yml:4',
    ],
    ['nobody is named', failed('final-refused', 'let Compose read the final project'), 'environment.yml:1'],
  ])('is refused as %s', (_, result, place) => {
    expect([isKnown(result), placesOf(result)]).toEqual([true, [`host/refused ${place}`]]);
  });

  test.each(['not-staged', 'file-missing', 'image-not-pulled', 'tar-path', 'sops-wrong-key'])(
    'ended with %s is known, as the report has it',
    (code) => {
      const result = failed(code, 'deploy to gitops@edge.example.com:22');
      expect([isKnown(result), placesOf(result)]).toEqual([true, ['host/refused environment.yml:8']]);
    },
  );

  test('is about the only stack if there is one', () => {
    const result = failed('final-refused', 'let Compose read the final project');
    expect(placesOf(result, ['shop'])).toEqual(['host/refused shop/compose.yaml:1']);
  });

  test.each([
    'ssh-lost',
    'ssh-host-key-changed',
    'docker-down',
    'docker-denied',
    'record-unreadable',
    'cancelled',
    'internal',
    'something-new',
  ])('ended with %s is not known', (code) => {
    const result = failed(code, 'ask gitops@edge.example.com:22 for shop');
    expect([isKnown(result), placesOf(result)]).toEqual([false, ['host/unreadable environment.yml:8']]);
  });
});
