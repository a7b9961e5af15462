import { Redactor } from '@gitops/core';
import { expect, it } from 'vitest';
import { TerminalReporter } from './terminal-reporter.ts';

it.each(['error', 'warning', 'info'] as const)('a finding that is an %s says so without colours', (severity) => {
  const lines: string[] = [];
  const reporter = new TerminalReporter({ write: (text: string) => lines.push(text) }, new Redactor());
  const place = { file: 'compose.yaml', line: 9, column: 33 };
  reporter.findings([{ rule: 'compose/a', severity, ...place, message: 'seen', remedy: 'mend it' }], 'infra/');
  expect(lines).toEqual([`infra/compose.yaml:9:33: ${severity}: seen → mend it [compose/a]\n`]);
});
