import type { Finding } from '@gitops/core';
import { describe, expect, it } from 'vitest';
import { ignoringFaults, withoutIgnored } from './ignored.ts';

const IGNORE = 'gitops-ignore secret/token';

/** Whether a rule that found something in the last line of a file is switched off there. */
function isIgnored(file: string, text: string): boolean {
  const line = text.split('\n').length;
  const finding: Finding = { rule: 'secret/token', severity: 'error', file, line, message: 'seen', remedy: 'mend' };
  return withoutIgnored([finding], () => text).length === 0;
}

describe('a comment that switches a rule off', () => {
  it.each([
    ['a.yaml', `A: b # ${IGNORE} -- why`],
    ['a.yaml', `# ${IGNORE}\nA: b`],
    ['a.yaml', `A: "b # \\" c" # ${IGNORE}`],
    ['a.yaml', `A: 'it''s' # ${IGNORE}`],
    ['a.yaml', `A: it's # ${IGNORE}`],
    ['a.yaml', `A: "${IGNORE}" # ${IGNORE}`],
    ['.env', `A="b" # ${IGNORE}`],
    ['stacks/a/.env.example', `A=b # ${IGNORE}`],
    ['a.js', `f(); // ${IGNORE}`],
    ['a.js', `it's(); // ${IGNORE}`],
    ['a.md', `<!-- ${IGNORE} -->\nA`],
    ['a.sql', `select 1; -- ${IGNORE}`],
    ['a.ini', `; ${IGNORE}\nA=b`],
    ['a.sh', `A=b # ${IGNORE}`],
  ])('is one in %s: %j', (file, text) => {
    expect(isIgnored(file, text)).toBe(true);
  });

  it.each([
    ['a.yaml', `B: "# ${IGNORE} -- why"`],
    ['a.yaml', `B: 'x # ${IGNORE} -- why'`],
    ['a.yaml', `B: ["a", 'b', "c # ${IGNORE}"]`],
    ['a.yaml', `{"B":"a\\" # ${IGNORE}"}`],
    ['a.yaml', `B: 'it''s # ${IGNORE}'`],
    ['a.yaml', `B: x#${IGNORE}`],
    ['a.yaml', `B: x -- ${IGNORE}`],
    ['a.yaml', `B: https://example.com/${IGNORE}`],
    ['.env', `B="# ${IGNORE}"`],
    ['.env', `B=x#${IGNORE}`],
    ['a.sh', `B=x#${IGNORE}`],
    ['a.yaml', `B: ${IGNORE}`],
  ])('is none in %s: %j', (file, text) => {
    expect(isIgnored(file, text)).toBe(false);
  });

  it('is told where it names no rule, or one that nobody knows', () => {
    const text =
      'A: b # gitops-ignore\n# gitops-ignore secret/token, secret/tokn -- why\n# see how gitops-ignore works\n';
    const told = ignoringFaults('a.yaml', text, new Set(['secret/token']));
    expect(told.map(({ line, column, message }) => `${line}:${column} ${message}`)).toEqual([
      '1:8 `gitops-ignore` names no rule, so it switches nothing off',
      '2:3 there is no rule secret/tokn to switch off',
    ]);
  });
});
