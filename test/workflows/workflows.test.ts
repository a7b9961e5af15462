import { globSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { lintErrors } from './actionlint.ts';
import { actionErrors, workflowErrors } from './github-parser.ts';
import { brokenRules, wrongInputs } from './rules.ts';
import { documentedWorkflows, exampleWorkflows, parseWorkflowText, workflowFiles } from './workflow.ts';

const root = join(import.meta.dirname, '..', '..');
const files = await workflowFiles();
const examples = await exampleWorkflows();
const actions = globSync('actions/*/action.yml', { cwd: root });

test('the workflows of this repository and of its documentation are all looked at', async () => {
  const paths = files.map(({ path }) => path);
  expect(paths).toEqual(
    expect.arrayContaining([
      '.github/workflows/ci.yml',
      '.github/workflows/deploy.yml',
      '.github/workflows/validate.yml',
    ]),
  );
  expect((await documentedWorkflows()).map(({ text }) => parseWorkflowText(text).name)).toEqual(['deploy', 'validate']);
  expect(examples.map(({ path }) => path.split('#')[0])).toEqual([
    'README.md',
    'actions/deploy/README.md',
    'actions/validate-config/README.md',
  ]);
  expect(actions).toEqual(expect.arrayContaining(['actions/deploy/action.yml', 'actions/validate-config/action.yml']));
});

test.each([...files, ...examples])('$path is a workflow that GitHub accepts', async ({ path, text }) => {
  expect(await workflowErrors(path, text)).toEqual([]);
});

test.each(files)('$path passes actionlint', ({ path, text }) => {
  expect(lintErrors(path, text)).toEqual([]);
});

test.each(files)('$path keeps our own rules', ({ text }) => {
  expect(brokenRules(text)).toEqual([]);
});

test.each([...files, ...examples])('$path gives our actions the inputs they know and need', async ({ text }) => {
  expect(await wrongInputs(text)).toEqual([]);
});

test.each(actions)('%s is metadata that GitHub accepts', async (path) => {
  expect(actionErrors(path, await readFile(join(root, path), 'utf8'))).toEqual([]);
});

test("GitHub's parser is asked about keys, expressions and jobs that need each other", async () => {
  const bad = (lines: string) => workflowErrors('w.yml', `on: push\njobs:\n  a:\n    runs-on: x\n${lines}`);
  expect(await bad('    concurrency: { group: a, queue: maxi }\n    steps: [{ run: x }]\n')).toEqual([
    "w.yml (Line: 5, Col: 37): Unexpected value 'maxi'",
  ]);
  expect(await bad('    steps: [{ run: "${{ secret.KEY }}" }]\n')).toEqual([
    "w.yml (Line: 5, Col: 20): Unrecognized named-value: 'secret'",
  ]);
  expect(await bad('    needs: b\n    steps: [{ run: x }]\n')).toEqual([
    'w.yml (Line: 3, Col: 3): The workflow must contain at least one job with no dependencies.',
  ]);
});

test('an expression in the description of an input is an error, as the runner evaluates it', () => {
  const text =
    'name: a\ndescription: b\ninputs:\n  key:\n    description: "${{ secrets.KEY }}"\nruns: { using: node24, main: c }\n';
  expect(actionErrors('action.yml', text)).toEqual([
    "action.yml (Line: 5, Col: 18): Unrecognized named-value: 'secrets'",
  ]);
});

test('actionlint finds untrusted text in a script and misspelled keys and labels, and what is too new for it passes', () => {
  const job = (concurrency: string, run: string) =>
    `on: push\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    concurrency: { group: a, ${concurrency} }\n    steps:\n      - run: ${run}\n`;
  expect(lintErrors('w.yml', job('queue: max', 'x'))).toEqual([]);
  expect(lintErrors('w.yml', job('queue: max', 'x').replace('24.04', '42.04')).join()).toContain('is unknown');
  expect(lintErrors('w.yml', job('queues: max', 'x')).join()).toContain('unexpected key "queues"');
  expect(lintErrors('w.yml', job('queue: max', 'echo ${{ github.event.head_commit.message }}')).join()).toContain(
    'potentially untrusted',
  );
});
