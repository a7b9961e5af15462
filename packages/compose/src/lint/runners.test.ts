import { expect, test } from 'vitest';
import { runnerFindings } from './runners.ts';
import { lines, projectOf } from './testing/linted.ts';

async function findingsOf(image: string): Promise<readonly string[]> {
  return lines(runnerFindings(await projectOf(`services:\n  runner:\n    image: ${image}\n`)));
}

test.each(['ghcr.io/actions/actions-runner:2.331.0', 'myoung34/github-runner:2.331.0'])(
  '%s in a stack is reported',
  async (image) => {
    expect(await findingsOf(image)).toEqual([
      '3:12 compose/runner-in-stack `runner` is a self-hosted runner: a deployment from it that changes it stops itself, and the host goes back → deploy it from another runner, or start it outside of this repository',
    ]);
  },
);

test('an image with a similar name is fine', async () => {
  expect(await findingsOf('example/task-runner:1.0')).toEqual([]);
});
