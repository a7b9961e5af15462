import type { Outcome, VerdictName } from '@gitops/core';
import { describe, expect, it } from 'vitest';
import { exitCodeOf } from './exit-code.ts';

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
