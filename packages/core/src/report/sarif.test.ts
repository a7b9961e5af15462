import { expect, test } from 'vitest';
import { sarif } from './sarif.ts';

test('a finding becomes a result with its rule, its place and a fingerprint that does not know the line', () => {
  const at = (line: number) => ({
    rule: 'compose/untagged-image',
    severity: 'warning' as const,
    file: 'environments/lab/a b.yaml',
    line,
    column: 5,
    message: 'it moves',
    remedy: 'write a tag',
  });
  const rules = { 'compose/untagged-image': { level: 'warning', says: 'An image has no tag' } } as const;
  const [one, other] = [sarif([at(3)], rules), sarif([at(9)], rules)].map((log) => JSON.parse(JSON.stringify(log)));
  expect(one.runs[0].tool.driver.rules).toEqual([
    {
      id: 'compose/untagged-image',
      shortDescription: { text: 'An image has no tag' },
      help: { text: 'See docs/rules/compose-untagged-image.md of gitops-coordinator.' },
      defaultConfiguration: { level: 'warning' },
    },
  ]);
  expect(one.runs[0].results[0]).toMatchObject({
    ruleId: 'compose/untagged-image',
    level: 'warning',
    message: { text: 'it moves → write a tag' },
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: 'environments/lab/a%20b.yaml' },
          region: { startLine: 3, startColumn: 5 },
        },
      },
    ],
  });
  expect(other.runs[0].results[0].partialFingerprints).toEqual(one.runs[0].results[0].partialFingerprints);
});
