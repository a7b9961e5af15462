import { describe, expect, test } from 'vitest';
import { readGitopsFile } from '../configuration/read-configuration.ts';
import type { Finding, Rules, Severity } from '../model.ts';
import { judgeFindings, ruleLevelFindings } from './rule-levels.ts';

const RULES = {
  'compose/moving-image': { level: 'warning', says: 'An image may move' },
  'compose/refused': { level: 'error', says: 'Compose refuses it', isFixed: true },
} as const satisfies Rules;

function finding(rule: string, severity: Severity, line = 1): Finding {
  return { rule, severity, file: 'compose.yaml', line, column: 1, message: 'seen', remedy: 'mend' };
}

function read(rules: string) {
  return readGitopsFile('gitops.yml', `apiVersion: gitops/v1\nname: shop\nrules:\n${rules}`);
}

describe('levels of rules', () => {
  test('are those that the repository has chosen', () => {
    const findings = [finding('compose/moving-image', 'warning')];
    expect(judgeFindings(findings, RULES, { 'compose/moving-image': 'error' })).toEqual([
      finding('compose/moving-image', 'error'),
    ]);
    expect(judgeFindings(findings, RULES, { 'compose/moving-image': 'off' })).toEqual([]);
  });

  test('cannot lower what a deployment refuses', () => {
    const refused = finding('compose/refused', 'error');
    expect(judgeFindings([refused], RULES, { 'compose/refused': 'off' })).toEqual([refused]);
    expect(ruleLevelFindings(read('  compose/refused: info\n'), RULES)).toEqual([
      {
        rule: 'config/fixed-rule',
        severity: 'error',
        file: 'gitops.yml',
        line: 4,
        column: 3,
        message: '`compose/refused` is always an error: a deployment refuses it',
        remedy: 'remove this line, and mend what the rule finds',
      },
    ]);
  });

  test('name rules that exist', () => {
    const findings = ruleLevelFindings(read('  compose/moving-imag: error\n  other: off\n'), RULES);
    expect(findings.map(({ line, message, remedy }) => [line, message, remedy])).toEqual([
      [4, 'there is no rule `compose/moving-imag`', 'did you mean `compose/moving-image`?'],
      [5, 'there is no rule `other`', 'docs/rules lists the rules there are'],
    ]);
  });

  test('are words that exist', () => {
    expect(read('  compose/refused: fatal\n').findings).toMatchObject([
      { line: 4, column: 20, remedy: 'use one of `error`, `warning`, `info`, `off`' },
    ]);
    expect(read('  compose/refused: warn\n').findings).toMatchObject([{ remedy: 'did you mean `warning`?' }]);
  });
});

test('findings are told once each, the worst first, then by place', () => {
  const [late, early, error] = [finding('a', 'warning', 9), finding('a', 'warning', 2), finding('z', 'error', 5)];
  expect(judgeFindings([late, early, error, late], RULES, {})).toEqual([error, early, late]);
});
