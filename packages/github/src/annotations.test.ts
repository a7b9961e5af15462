import type { Finding } from '@gitops/core';
import { describe, expect, test } from 'vitest';
import { annotationsOf } from './annotations.ts';

function findings(count: number, severity: Finding['severity']): Finding[] {
  return Array.from({ length: count }, (_, index) => ({
    rule: 'compose/untagged-image',
    severity,
    file: 'compose.yaml',
    line: index + 1,
    column: 5,
    message: `seen ${index + 1}`,
    remedy: 'mend it',
  }));
}

describe('annotations of findings', () => {
  test('are one for each while GitHub shows all of them', () => {
    const shown = annotationsOf([...findings(9, 'error'), ...findings(2, 'info')]);
    expect(shown).toHaveLength(11);
    expect(shown[0]).toEqual({
      level: 'error',
      title: 'compose/untagged-image',
      message: 'seen 1 → mend it',
      file: 'compose.yaml',
      line: 1,
      column: 5,
    });
    expect(shown[9]?.level).toBe('notice');
  });

  test('end with one that lists all that GitHub would drop', () => {
    const shown = annotationsOf(findings(12, 'warning'));
    expect(shown).toHaveLength(9);
    expect(shown.at(-1)).toEqual({
      level: 'warning',
      title: '4 more, as GitHub shows ten at most',
      message: [9, 10, 11, 12].map((line) => `compose.yaml:${line}: seen ${line} → mend it`).join('\n'),
      file: 'compose.yaml',
    });
  });

  test('say how many even the list leaves out', () => {
    expect(annotationsOf(findings(100, 'error')).at(-1)?.message).toMatch(/\n… and 52 more in the job summary$/);
  });
});
