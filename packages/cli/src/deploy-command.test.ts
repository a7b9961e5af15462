import { type DeployResult, Redactor, type VerdictName } from '@gitops/core';
import { expect, it } from 'vitest';
import { change, plan } from '../../core/src/testing/changes.ts';
import { tell } from './deploy-command.ts';
import { tellTotal } from './plan-command.ts';
import { TerminalReporter } from './terminal-reporter.ts';

const UNMOVED = { release: '3-1f2e3d4', previousRelease: '3-1f2e3d4', targets: [] } as const;

/** What a terminal shows, line by line. */
function told(tellIt: (reporter: TerminalReporter) => void): readonly string[] {
  let text = '';
  tellIt(new TerminalReporter({ write: (more: string) => (text += more) }, new Redactor()));
  return text.trimEnd().split('\n');
}

/** What is told of a run that found nothing to do. */
function toldOfUnchanged(verdict: VerdictName): readonly string[] {
  const evidence = [{ subject: 'web', verdict, seen: 'looked at' }];
  const result: DeployResult = { ...UNMOVED, outcome: 'unchanged', verdict: { verdict, evidence } };
  return told((reporter) => tell({ result }, reporter));
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

it.each([
  [0, '📋 Planned: no changes (release 3-1f2e3d4)'],
  [1, '📋 Planned: 1 change, none made (release 3-1f2e3d4)'],
  [6, '📋 Planned: 6 changes, none made (release 3-1f2e3d4)'],
])('a plan of %i changes does not sound as if there were none, or as if they were made', (count, line) => {
  expect(told((reporter) => tell({ result: planOf(count) }, reporter))).toEqual([line]);
});

it('the plan of all environments ends with a total, and names those that would not be deployed', () => {
  const planned = { environment: 'production', result: planOf(2) };
  const refused: DeployResult = { ...planOf(1), outcome: 'refused' };
  expect(told((reporter) => tellTotal([planned, planned], reporter))).toEqual([
    'All environments (2): 4 changes, none made',
  ]);
  expect(told((reporter) => tellTotal([planned, { environment: 'staging', result: refused }], reporter))).toEqual([
    'All environments (2): 3 changes, none made; look at staging',
  ]);
});

function planOf(count: number): DeployResult {
  const changes = Array.from({ length: count }, () => change());
  return { ...UNMOVED, outcome: 'planned', plan: plan({ changes }) };
}
