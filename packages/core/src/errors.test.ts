import { describe, expect, it } from 'vitest';
import { ConfigurationError } from './errors.ts';
import type { Finding } from './model.ts';

function finding(line: number, severity: Finding['severity'] = 'error'): Finding {
  return { rule: 'a/rule', severity, file: 'a.yml', line, column: 3, message: 'no', remedy: 'yes' };
}

describe('what is wrong with the files', () => {
  it('is told behind the colon when it is one thing', () => {
    expect(new ConfigurationError([finding(1), finding(2, 'warning')]).message).toBe(
      'Could not read the configuration: a.yml:1:3: no → yes [a/rule]\n  → mend the files named above; nothing was changed on any host',
    );
  });

  it('is a list when it is more, each once, although several targets read the same file', () => {
    const { message } = new ConfigurationError([finding(1), finding(2), finding(1)]);
    expect(message.split('\n').slice(0, -1)).toEqual([
      'Could not read the configuration: 2 mistakes',
      '  a.yml:1:3: no → yes [a/rule]',
      '  a.yml:2:3: no → yes [a/rule]',
    ]);
  });
});
