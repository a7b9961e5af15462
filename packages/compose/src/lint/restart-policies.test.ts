import { expect, test } from 'vitest';
import { restartFindings } from './restart-policies.ts';
import { lines, projectOf } from './testing/linted.ts';

async function findingsOf(words: string): Promise<readonly string[]> {
  return lines(restartFindings(await projectOf(`services:\n  web: { image: "a:1"${words} }\n`)));
}

test('a service that nobody starts again is reported', async () => {
  expect(await findingsOf('')).toEqual([
    '2:3 compose/no-restart-policy `web` has no `restart`, so it stays down after a crash or a reboot of the host → write `restart: unless-stopped`, or `x-gitops: { role: job }` if it is meant to end',
  ]);
});

test.each([
  ['says when', ', restart: on-failure'],
  ['says never', ', restart: "no"'],
  ['says it in the words of Swarm', ', deploy: { restart_policy: { condition: any } }'],
  ['is a job', ', x-gitops: { role: job }'],
  ['is started by hand', ', profiles: [tools]'],
])('a service that %s is fine', async (_, words) => {
  expect(await findingsOf(words)).toEqual([]);
});
