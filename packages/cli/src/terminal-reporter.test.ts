import { Redactor } from '@gitops/core';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { TerminalReporter } from './terminal-reporter.ts';

it.each(['error', 'warning', 'info'] as const)('a finding that is an %s says so without colours', (severity) => {
  const lines: string[] = [];
  const reporter = new TerminalReporter({ write: (text: string) => lines.push(text) }, new Redactor());
  const place = { file: 'compose.yaml', line: 9, column: 33 };
  reporter.findings([{ rule: 'compose/a', severity, ...place, message: 'seen', remedy: 'mend it' }], 'infra/');
  expect(lines).toEqual([`infra/compose.yaml:9:33: ${severity}: seen → mend it [compose/a]\n`]);
});

describe('what a file, a host or a container says', () => {
  afterEach(() => {
    vi.unstubAllEnvs();
  });

  function said(tell: (reporter: TerminalReporter) => void): string {
    let text = '';
    tell(new TerminalReporter({ write: (more: string) => (text += more) }, new Redactor()));
    return text;
  }

  it('begins no line of its own in a finding, and steers no terminal', () => {
    const hostile = 'a\n::add-mask::deploy\r\u001b[2J';
    const finding = { rule: 'compose/a', severity: 'error', file: hostile, message: hostile, remedy: hostile } as const;
    const shown = 'a ::add-mask::deploy [2J';
    expect(said((reporter) => reporter.findings([finding], ''))).toBe(
      `${shown}: error: ${shown} → ${shown} [compose/a]\n`,
    );
  });

  it('keeps its lines in a message and nothing that steers a terminal', () => {
    expect(said((reporter) => reporter.say('error', 'web:\n\tred \u001b[31m\r\nend\u0007'))).toBe(
      'web:\n\tred  [31m\nend \n',
    );
    expect(said((reporter) => reporter.detail('pulling\r50 %\n'))).toBe('  pulling 50 % \n');
  });

  it('is no command for the runner in a step of a workflow', async () => {
    vi.stubEnv('GITHUB_ACTIONS', 'true');
    const hostile = 'one\n::add-mask::deploy\n##[group]x';
    const harmless = 'one\n\\::add-mask::deploy\n#\\#[group]x\n';
    expect(said((reporter) => reporter.say('warning', hostile))).toBe(harmless);
    expect(said((reporter) => reporter.sayPainted(hostile))).toBe(harmless);
    expect(said((reporter) => reporter.detail('::stop-commands::x'))).toBe('  \\::stop-commands::x\n');
  });

  it('is left as it is elsewhere', () => {
    vi.stubEnv('GITHUB_ACTIONS', undefined);
    expect(said((reporter) => reporter.say('info', '::1 listens'))).toBe('::1 listens\n');
  });
});
