import { ConfigurationError, GitopsError, type Outcome, type VerdictName } from '@gitops/core';
import { describe, expect, it } from 'vitest';
import { exitCodeOf, exitCodeOfReading } from './exit-code.ts';

describe('the exit code of a deployment', () => {
  it.each<[outcome: Outcome, verdict: VerdictName | undefined, code: number]>([
    ['unchanged', 'healthy', 0],
    ['unchanged', 'degraded', 0],
    ['unchanged', 'unknown', 0],
    ['unchanged', 'unhealthy', 1],
    ['deployed', 'degraded', 0],
    ['planned', undefined, 0],
    ['superseded', undefined, 0],
    ['rolled-back', 'unhealthy', 1],
    ['frozen', 'unhealthy', 1],
    ['rollback-failed', undefined, 1],
    ['refused', undefined, 4],
    ['unknown', undefined, 5],
  ])('that ends %s, %s, is %i', (outcome, verdict, code) => {
    expect(exitCodeOf(outcome, undefined, verdict)).toBe(code);
  });
});

describe('the exit code of reading several targets', () => {
  const errorOf = (code: string) => new GitopsError(code, { attempted: 'read', seen: 'nothing', remedy: 'try again' });

  it.each<[what: string, errors: readonly GitopsError[], code: number]>([
    ['all could be read', [], 0],
    ['a host could not be reached', [errorOf('ssh-connect')], 5],
    ["a host's program failed", [errorOf('host-program')], 5],
    ['one was for the user to mend and another was not', [errorOf('ssh-private-key'), errorOf('ssh-connect')], 5],
    ['all were for the user to mend', [errorOf('ssh-private-key'), new ConfigurationError([])], 2],
  ])('where %s', (_, errors, code) => {
    expect(exitCodeOfReading(errors)).toBe(code);
  });
});
