import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { someAnswers } from './testing/some-answers.ts';
import { deployWorkflow } from './workflow-template.ts';

const root = join(import.meta.dirname, '../../../..');

test('checks out with the commit of actions/checkout that the workflow of this repository uses', async () => {
  const ours = checkouts(await readFile(join(root, '.github/workflows/deploy.yml'), 'utf8'));
  expect(new Set(checkouts(deployWorkflow(someAnswers, './actions/deploy', [], [])))).toEqual(new Set(ours));
});

test.each(['README.md', 'actions/deploy/README.md'])('%s names the same major version of it', async (page) => {
  const [pinned] = checkouts(deployWorkflow(someAnswers, './actions/deploy', [], []));
  const major = /# (v\d+)\./.exec(pinned ?? '')?.[1];
  expect(checkouts(await readFile(join(root, page), 'utf8'))).toEqual([`actions/checkout@${major}`]);
});

/** What follows `uses:`, with the version beside it. */
function checkouts(text: string): readonly string[] {
  return text.match(/(?<=uses: )actions\/checkout@.*/g) ?? [];
}

test.each(['1e3', '007', 'null', 'on', 'production'])('an environment named %s is text to GitHub', (environment) => {
  const workflow: unknown = parse(deployWorkflow({ ...someAnswers, environment }, './actions/deploy', [], []));
  expect(workflow).toMatchObject({
    concurrency: { group: `deploy-${environment}` },
    jobs: { deploy: { steps: [{}, { uses: './actions/deploy', with: { environment } }] } },
  });
});
