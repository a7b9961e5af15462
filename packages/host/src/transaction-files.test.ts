import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Candidate, Step, Transaction } from '@gitops/core';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { release } from '../../core/src/testing/desired-state.ts';
import { transactionFiles } from './transaction-files.ts';

const SHELLS: readonly (readonly string[])[] = [['dash'], ['/bin/busybox', 'sh']];
const NOTHING: Transaction = {
  stacks: ['lab'],
  apply: [],
  revert: [],
  unwedge: [],
  expectAfterRevert: [],
  toleratedAfterRevert: [],
  overlays: {},
};

const NOBODY = { release: release({}), plan: { changes: [], hash: '', warnings: [] }, sick: [], restarts: {} };

const folder = mkdtempSync(join(tmpdir(), 'transaction-files-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** The text of one file of a transaction. */
function fileOf(name: string, transaction: Partial<Transaction>, more: { release?: string } = {}): string {
  const candidate: Candidate = {
    release: more.release ?? '2-bbbbbbb',
    isNew: true,
    confirmTimeoutSeconds: 60,
    facts: '{}',
    seenThrough: NOBODY,
    transaction: { ...NOTHING, ...transaction },
  };
  const files = { release: [], sources: [], tags: [], hmacKey: 'key' };
  const entry = transactionFiles(candidate, files).find(({ path }) => path === `transaction/${name}`);
  if (!entry || !('content' in entry)) throw new Error(`no ${name}`);
  return Buffer.from(entry.content ?? '').toString();
}

/** Sources a file in a function, as the supervisor does, and returns what the calls in it printed: words between NULs. */
function wordsSaid(shell: readonly string[], text: string, functions: string): string[] {
  writeFileSync(join(folder, 'file'), text);
  const [program = '', ...args] = shell;
  const script = `set -u\n${functions}\nsourced() { . "$1"; }\nsourced "$1" || printf 'ended with %s\\0' "$?"`;
  const said = execFileSync(program, [...args, '-c', script, 'gitops', join(folder, 'file')]);
  return said.toString().split('\0').slice(0, -1);
}

const word = fc.oneof(
  fc.string({ unit: fc.constantFrom(...'\'"\\\n\t $`!*?~#&;|<>(){}[]=-%aé') }),
  fc.constantFrom(
    '',
    '-n',
    '--',
    '~',
    'return',
    'a=b',
    "'",
    '\\',
    '\n',
    '$(touch x)',
    '*',
    '☃ 𝄞',
    '\r\n',
    '|| return 1',
  ),
);
/** The name of a stack can't hold anything else. */
const project = fc.stringMatching(/^[a-z0-9][a-z0-9_-]{0,8}$/);
const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.record({
    name: fc.stringMatching(/^[a-z0-9-]{1,8}$/),
    argv: fc.array(word, { minLength: 1, maxLength: 5 }),
    timeoutSeconds: fc.nat(),
  }),
  { maxLength: 4 },
);

describe.each(SHELLS)('the files of a transaction, read by %s', (...shell) => {
  it.each(['apply', 'revert', 'unwedge'] as const)('hand every word of every step of %s on as it was', (name) => {
    fc.assert(
      fc.property(steps, (list) => {
        const expected = list.flatMap((each) => [each.name, String(each.timeoutSeconds), ...each.argv, 'end of step']);
        const step = `step() { printf '%s\\0' "$@" 'end of step'; }`;
        expect(wordsSaid(shell, fileOf(name, { [name]: list }), step)).toEqual(expected);
      }),
      { numRuns: 60 },
    );
  });

  it('stop at the first step that fails', () => {
    const list = ['one', 'two', 'three'].map((name) => ({ name, argv: ['x'], timeoutSeconds: 1 }));
    const step = `step() { printf '%s\\0' "$1"; [ "$1" != two ]; }`;
    expect(wordsSaid(shell, fileOf('apply', { apply: list }), step)).toEqual(['one', 'two', 'ended with 1']);
  });

  it('name projects and release as they are', () => {
    fc.assert(
      fc.property(fc.array(project), word, (stacks, release) => {
        const text = `${fileOf('settings', { stacks }, { release })}printf '%s\\0' $projects end "$release" "$confirm_timeout"\n`;
        expect(wordsSaid(shell, text, '')).toEqual([...stacks, 'end', release, '60']);
      }),
      { numRuns: 40 },
    );
  });

  it('expect what is to be there, and nothing else but what is tolerated', () => {
    const expectation = {
      stack: 'la b',
      service: 'we b',
      configHash: 'h',
      imageId: 'sha256:1',
      replicas: 2,
      role: 'service',
    } as const;
    const functions = `expect() { printf '%s\\0' expect "$@"; }\nexpect_only() { printf '%s\\0' only "$@"; }`;
    const text = fileOf('expect', {
      stacks: ['la b', 'new'],
      expectAfterRevert: [expectation],
      toleratedAfterRevert: [
        { stack: 'la b', name: 'db' },
        { stack: 'new', name: 'db 2' },
      ],
    });
    expect(wordsSaid(shell, text, functions)).toEqual([
      'expect',
      'la b',
      'we b',
      'h',
      'sha256:1',
      '2',
      'service',
      'only',
      'la b',
      'we b',
      'db',
      'only',
      'new',
      'db 2',
    ]);
    expect(wordsSaid(shell, fileOf('expect', {}), functions)).toEqual(['only', 'lab']);
  });
});
