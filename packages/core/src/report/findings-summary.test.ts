import { expect, test } from 'vitest';
import type { Finding } from '../model.ts';
import { HOSTILE_TEXTS } from '../testing/hostile-text.ts';
import { countText, findingsSummary } from './findings-summary.ts';

function finding(said: Partial<Finding> = {}): Finding {
  const place = { file: 'compose.yaml', line: 3, column: 5 };
  return { rule: 'compose/unknown-key', severity: 'error', ...place, message: 'seen `x`', remedy: 'mend it', ...said };
}

test('findings are listed by file, errors first and open, all else folded', () => {
  const findings = [finding(), finding({ line: 9 }), finding({ file: 'b.yaml', severity: 'warning' })];
  expect(findingsSummary(findings)).toMatchInlineSnapshot(`
    "### ❌ 2 errors

    **compose.yaml**

    - 3:5 seen \`x\`<br>→ mend it *(compose/unknown-key)*
    - 9:5 seen \`x\`<br>→ mend it *(compose/unknown-key)*

    <details><summary>⚠️ 1 warning</summary>

    **b.yaml**

    - 3:5 seen \`x\`<br>→ mend it *(compose/unknown-key)*

    </details>"
  `);
});

test('a finding without a line stands for its whole file', () => {
  const { line: _, column: __, ...whole } = finding();
  expect(findingsSummary([whole])).toContain('**compose.yaml**\n\n- seen `x`');
});

test('thousands of findings fit into a summary', () => {
  const findings = Array.from({ length: 3000 }, (_, index) => finding({ line: index + 1 }));
  expect(findingsSummary(findings)).toContain('… and 2500 more in result.json');
});

test.each(HOSTILE_TEXTS)('what a file says is text and nothing else: %j', (text) => {
  const summary = findingsSummary([finding({ file: text, message: text })]);
  expect(summary).not.toMatch(/<(?!br>)|(?<!\\)\[|^::/m);
});

test.each([
  [0, 0, 0, 'no findings'],
  [1, 0, 0, '1 error'],
  [2, 1, 0, '2 errors, 1 warning'],
  [0, 5, 0, '5 warnings'],
  [10, 16, 6, '10 errors, 16 warnings, 6 to know'],
  [0, 0, 1, '1 to know'],
])('%i errors, %i warnings and %i infos are counted in words', (errors, warnings, infos, text) => {
  expect(countText(errors, warnings, infos)).toBe(text);
});
