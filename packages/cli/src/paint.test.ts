import { describePlan } from '@gitops/core';
import { expect, it } from 'vitest';
import { plan } from '../../core/src/testing/changes.ts';
import { SAID } from '../../core/src/testing/plan-report.ts';
import { paintOn } from './paint.ts';
import type { Screen } from './terminal-reporter.ts';

const pipe: Screen = { write: () => true };
const terminal: Screen = { ...pipe, isTTY: true };
const created = plan({ changes: [SAID.created] });

it('a plan has colours in a terminal', () => {
  expect(describePlan(created, paintOn(terminal, {}))).toContain('\u001b[32m+ cache  create  \u001b[39m  new service');
});

it.each<[where: string, screen: Screen, env: Readonly<Record<string, string>>]>([
  ['in a pipe', pipe, {}],
  ['where somebody wants none', terminal, { NO_COLOR: '1' }],
])('a plan has none %s', (_, screen, env) => {
  expect(describePlan(created, paintOn(screen, env))).toBe(describePlan(created));
});
