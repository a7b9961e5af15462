import { type DeployResult, Redactor, type VerdictName } from '@gitops/core';
import { expect, it } from 'vitest';
import { tell } from './deploy-command.ts';
import { TerminalReporter } from './terminal-reporter.ts';

/** What is told of a run that found nothing to do, line by line. */
function toldOfUnchanged(verdict: VerdictName): readonly string[] {
  const result: DeployResult = {
    outcome: 'unchanged',
    verdict: { verdict, evidence: [{ subject: 'web', verdict, seen: 'looked at' }] },
    release: '3-1f2e3d4',
    previousRelease: '3-1f2e3d4',
    targets: [],
  };
  let text = '';
  const screen = { write: (more: string) => (text += more) };
  tell({ result }, new TerminalReporter(screen, new Redactor()));
  return text.trimEnd().split('\n');
}

it('what is unchanged and unhealthy does not look like a success', () => {
  expect(toldOfUnchanged('unhealthy')).toEqual([
    'web: looked at',
    '❌ Unchanged, but unhealthy: what runs is what this commit says (release 3-1f2e3d4)',
  ]);
});

it.each<VerdictName>(['healthy', 'degraded', 'unknown'])('what is unchanged and %s is one', (verdict) => {
  expect(toldOfUnchanged(verdict).at(-1)).toBe('✅ Unchanged: what runs is what this commit says (release 3-1f2e3d4)');
});
