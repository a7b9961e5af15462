import type { Finding } from '@gitops/core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { applyBaseline, readBaseline, writeBaseline } from './baseline.ts';

function finding(message: string, more: Partial<Finding> = {}): Finding {
  return {
    rule: 'secret/literal',
    severity: 'warning',
    file: 'compose.yaml',
    line: 3,
    message,
    remedy: 'mend it',
    ...more,
  };
}

const findings = fc.array(
  fc.record({
    rule: fc.constantFrom('secret/literal', 'compose/untagged-image'),
    severity: fc.constantFrom<'error' | 'warning'>('error', 'warning'),
    file: fc.constantFrom('a.yaml', 'b.yaml'),
    line: fc.nat(9),
    message: fc.constantFrom('`A` is bad', '`B` is bad', 'see line 3'),
    remedy: fc.constant('mend it'),
  }),
);

test('a baseline knows all findings that it was written from, wherever they stand by now', () => {
  fc.assert(
    fc.property(findings, fc.nat(20), (found, shift) => {
      const moved = found.map((each) => ({ ...each, line: each.line + shift, remedy: 'another way' }));
      const { fresh, known, gone } = applyBaseline(moved, readBaseline(writeBaseline(found)));
      expect({ fresh, gone }).toEqual({ fresh: [], gone: [] });
      expect(known).toEqual(moved);
    }),
  );
});

test('a baseline is the same text in whatever order findings come', () => {
  fc.assert(
    fc.property(findings, (found) => {
      expect(writeBaseline(found)).toBe(writeBaseline(found.toReversed()));
    }),
  );
});

test('another fault, another file, another rule and one more of the same are fresh', () => {
  const baseline = readBaseline(writeBaseline([finding('`A`')]));
  for (const other of [finding('`B`'), finding('`A`', { file: 'b.yaml' }), finding('`A`', { rule: 'secret/token' })]) {
    expect(applyBaseline([other], baseline).fresh).toEqual([other]);
  }
  const { fresh, known } = applyBaseline([finding('`A`'), finding('`A`', { line: 9 })], baseline);
  expect([known, fresh]).toEqual([[finding('`A`')], [finding('`A`', { line: 9 })]]);
});

test('what is no longer found is said, with its line in the baseline', () => {
  const text = writeBaseline([finding('`A`'), finding('`B`', { file: 'b.yaml' }), finding('`B`', { file: 'b.yaml' })]);
  const { gone } = applyBaseline([], readBaseline(text));
  expect(
    gone.map(({ severity, rule, file, line, message }) => `${severity} ${rule} ${file}:${line} ${message}`),
  ).toEqual([
    'info secret/stale-baseline .gitops-baseline.json:4 `secret/literal` is no longer found in b.yaml 2 times, and the baseline would hide it if it came back',
    'info secret/stale-baseline .gitops-baseline.json:5 `secret/literal` is no longer found in compose.yaml, and the baseline would hide it if it came back',
  ]);
});

test('infos are none of its business', () => {
  expect(writeBaseline([finding('`A`', { severity: 'info' })])).toBe(
    '{\n  "apiVersion": "gitops/v1",\n  "findings": []\n}\n',
  );
});

test('without a baseline everything is fresh', () => {
  expect(applyBaseline([finding('`A`')], readBaseline(undefined)).fresh).toEqual([finding('`A`')]);
});

test.each([
  ['', 'the baseline cannot be read'],
  ['[]', 'the baseline cannot be read: `apiVersion` is not what it has to be'],
  ['{"apiVersion":"gitops/v2","findings":[]}', 'the baseline cannot be read: `apiVersion` is not what it has to be'],
  [
    '{"apiVersion":"gitops/v1","findings":[{"rule":"a/b","file":"c","fingerprint":"d","count":0}]}',
    'the baseline cannot be read: `findings.0.count` is not what it has to be',
  ],
])('a baseline that is %j hides nothing, and says that it cannot be read', (text, message) => {
  const { fresh } = applyBaseline([finding('`A`')], readBaseline(text));
  expect(fresh).toEqual([
    expect.objectContaining({ rule: 'secret/bad-baseline', severity: 'error', message }),
    finding('`A`'),
  ]);
});
