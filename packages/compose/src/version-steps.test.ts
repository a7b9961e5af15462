import { describe, expect, it } from 'vitest';
import { service } from '../../core/src/testing/desired-state.ts';
import { versionWarnings } from './version-steps.ts';

function warnings(before: string, after: string): readonly string[] {
  return versionWarnings(service({ image: before }), service({ image: after }));
}

describe('a step between versions', () => {
  it.each([
    [
      'postgres:15.4-alpine',
      'docker.io/library/postgres:16',
      'postgres 15 → 16: it does not start on the data of the older version; dump and restore it, or convert it first',
    ],
    [
      'pgvector/pgvector:pg16',
      'pgvector/pgvector:pg17',
      'pgvector 16 → 17: it does not start on the data of the older version; dump and restore it, or convert it first',
    ],
    [
      'mysql:8.0.36',
      `registry.example.com:5000/mysql:8.4@sha256:${'a'.repeat(64)}`,
      "mysql 8.0 → 8.4: it may convert its data, which the older version can't read then: going back would need a backup",
    ],
    [
      'redis:8',
      'redis:7-alpine',
      'redis 8 → 7: an older version hardly ever reads what a newer one has written; restore a backup',
    ],
  ])('from %s to %s is warned of', (before, after, says) => {
    expect(warnings(before, after)).toEqual([says]);
  });

  it.each([
    ['postgres:16.1', 'postgres:16.2'],
    ['mysql:8', 'mysql:8.4'],
    ['nginx:1.27', 'nginx:2.0'],
    ['postgres:15', 'postgres'],
    ['postgres:latest', 'postgres:16'],
    ['postgres:15', 'mysql:8.0'],
    ['constructor:1', 'constructor:2'],
  ])('from %s to %s is not', (before, after) => {
    expect(warnings(before, after)).toEqual([]);
  });
});
