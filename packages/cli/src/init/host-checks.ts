import { GitopsError } from '@gitops/core';
import type { CheckedHost, InitAnswers } from '@gitops/operations';
import type { TerminalReporter } from '../terminal-reporter.ts';

/** Says of each thing the host needs whether it is there. */
export function tellChecks(answers: InitAnswers, { checks }: CheckedHost, reporter: TerminalReporter): void {
  const lines = checks.map(({ good, seen }) => `  ${good ? 'ok     ' : 'MISSING'} ${seen}`);
  reporter.say('info', [`${answers.user}@${answers.host}:`, '  ok      login', ...lines].join('\n'));
}

/** Throws `GitopsError` `host-unfit` with all that is to be done on the host, as commands. */
export function refuseUnfit({ user, host }: InitAnswers, { checks }: CheckedHost): void {
  const bad = checks.filter(({ good }) => !good);
  if (bad.length === 0) return;
  throw new GitopsError('host-unfit', {
    attempted: `use ${user}@${host} for deployments`,
    seen: bad.map(({ seen }) => seen).join('; '),
    remedy: `on the host, and then \`gitops init\` again:\n${bad.map(({ remedy }) => `    ${remedy}`).join('\n')}`,
  });
}
