import { type Level, printable, Redactor } from '@gitops/core';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { ActionsReporter } from './actions-reporter.ts';

const HOSTILE = [
  '::error file=x::FORGED',
  ' \t::add-mask::deploy',
  'up\r::stop-commands::token',
  'one\n::notice::two\r\n::warning::three',
  'behind ##[add-mask]deploy',
  '::group::\n::endgroup::',
];

let printed: string;
beforeEach(() => {
  printed = '';
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    printed += text;
    return true;
  });
});
afterEach(() => {
  vi.restoreAllMocks();
});

/** The names of the commands that the runner reads in what was printed; it ends a line at `\r` too. */
function commands(): readonly string[] {
  const lines = printed.split(/\r\n|\r|\n/);
  return lines.flatMap((line) => /^\s*::([^: ]+)/.exec(line)?.[1] ?? /##\[([^\] ]+)/.exec(line)?.[1] ?? []);
}

test.each(HOSTILE)('%j is no command as a detail, nor as information', (text) => {
  const reporter = new ActionsReporter(new Redactor());
  reporter.detail(text);
  reporter.say('info', text);
  expect(commands()).toEqual([]);
  expect(printed.replaceAll('\\', '')).toBe(`${printable(text)}\n${printable(text)}\n`);
});

test.each(HOSTILE)('%j is no command of its own in an annotation or a title', async (text) => {
  const reporter = new ActionsReporter(new Redactor());
  const levels: readonly Level[] = ['notice', 'warning', 'error'];
  for (const level of levels) reporter.say(level, text);
  await reporter.group(text, async () => undefined);
  reporter.findings([{ severity: 'error', file: text, message: text, remedy: text, rule: text }], '');
  expect(commands()).toEqual([...levels, 'group', 'endgroup', 'error']);
});

test('nothing steers the terminal of whoever reads the log', () => {
  const reporter = new ActionsReporter(new Redactor());
  const text = '\u001b[2Jgone\u0007';
  reporter.detail(text);
  reporter.say('warning', text);
  reporter.findings([{ severity: 'error', file: text, message: text, remedy: text, rule: 'a/b' }], '');
  expect(printed).not.toMatch(/[\p{Cc}--\n]/v);
});

test('secrets are masked in all that is printed', async () => {
  const reporter = new ActionsReporter(new Redactor());
  reporter.mask(['correct-horse']);
  printed = '';
  reporter.detail('said correct-horse');
  reporter.say('warning', 'said correct-horse');
  await reporter.group('said correct-horse', async () => undefined);
  expect(printed).toBe('said ***\n::warning::said ***\n::group::said ***\n::endgroup::\n');
});
