import { expect, test } from 'vitest';
import { brokenRules, wrongInputs } from './rules.ts';

const good = `
on:
  pull_request:
permissions: {}
concurrency:
  group: a
  cancel-in-progress: true
jobs:
  a:
    permissions:
      contents: read # to check out
    timeout-minutes: 5
    concurrency:
      group: b
      queue: max
    steps:
      - uses: actions/checkout@${'a'.repeat(40)} # v1.2.3
        with:
          persist-credentials: false
      - uses: ./actions/deploy
        with:
          environment: production
          ssh-private-key: from elsewhere
      - uses: OWNER/gitops-coordinator/actions/deploy@v1
        with:
          environment: production
          ssh-private-key: from elsewhere
      - run: echo "$TITLE"
        env:
          TITLE: \${{ github.event.pull_request.title }}
`;

test('a workflow that keeps the rules breaks none', async () => {
  expect(brokenRules(good)).toEqual([]);
  expect(await wrongInputs(good)).toEqual([]);
});

test.each([
  ['permissions: {}', 'permissions: { contents: read }', 'the top of the workflow needs `permissions: {}`'],
  ['permissions: {}', 'env: {}', 'the top of the workflow needs `permissions: {}`'],
  [' # to check out', '', 'the permission contents needs its reason in a comment'],
  ['permissions:\n      contents: read # to check out', 'permissions: read-all', 'job a must list its permissions'],
  ['timeout-minutes: 5', 'timeout-minutes:', 'Expected number'],
  ['    timeout-minutes: 5\n', '', 'job a needs timeout-minutes'],
  ['queue: max', 'queue: max\n      cancel-in-progress: true', "b: queue: max can't go with cancel-in-progress"],
  ['queue: max', 'queue: max\n      cancel-in-progress: "${{ github.ref }}"', "b: queue: max can't go with"],
  ['group: a', 'group: a\n  queue: max', "a: queue: max can't go with cancel-in-progress"],
  [' # v1.2.3', '', 'needs the 40 digits of a commit and a comment'],
  [' # v1.2.3', ' # v1', 'needs the 40 digits of a commit and a comment'],
  [`@${'a'.repeat(40)}`, '@v4', 'actions/checkout@v4 needs the 40 digits of a commit'],
  ['OWNER/gitops-coordinator', 'OWNER/other', 'OWNER/other/actions/deploy@v1 needs the 40 digits'],
  ['persist-credentials: false', 'fetch-depth: 0', 'checkout needs persist-credentials: false'],
  ['echo "$TITLE"', 'echo ${{ github.event.pull_request.title }}', 'a script must not contain an expression'],
  ['echo "$TITLE"', '|\n          true\n          echo ${{ inputs.x }}', 'a script must not contain an expression'],
  ['from elsewhere', '${{ secrets.KEY }}', 'job a runs for pull requests and must not use secrets'],
  [
    '    timeout-minutes',
    '    runs-on: [self-hosted]\n    timeout-minutes',
    'job a runs for pull requests and must not use our own',
  ],
])('%j in place of which stands %j breaks a rule', (from, to, message) => {
  expect(findings(good.replace(from, () => to))).toContain(message);
});

test.each([
  ['ssh-private-key', 'ssh-private-kye', './actions/deploy has no input ssh-private-kye'],
  ['ssh-private-key', 'mode', './actions/deploy needs the input ssh-private-key'],
])('%s written as %s is found before it is run', async (from, to, message) => {
  expect(await wrongInputs(good.replace(from, to))).toContain(message);
});

function findings(text: string): string {
  try {
    return brokenRules(text).join('\n');
  } catch (error) {
    return String(error);
  }
}
