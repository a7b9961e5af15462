import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { pullRequestOf } from './pull-request-event.ts';

async function readFrom(text: string) {
  const folder = await mkdtemp(join(tmpdir(), 'event-'));
  try {
    await writeFile(join(folder, 'event.json'), text);
    return await pullRequestOf(join(folder, 'event.json'));
  } finally {
    await rm(folder, { recursive: true });
  }
}

function event(headRepository: string | null, baseRepository = 'example/infrastructure'): string {
  return JSON.stringify({
    action: 'synchronize',
    number: 7,
    pull_request: {
      number: 7,
      base: { ref: 'main', sha: 'b'.repeat(40), repo: { full_name: baseRepository, fork: true } },
      head: { ref: 'x', sha: 'a'.repeat(40), repo: headRepository && { full_name: headRepository, fork: true } },
    },
  });
}

test.each([
  ['example/infrastructure', false],
  ['stranger/infrastructure', true],
  [null, true],
])('a pull request from %s is from a fork: %s', async (repository, isFromFork) => {
  const [baseSha, headSha] = ['b'.repeat(40), 'a'.repeat(40)];
  expect(await readFrom(event(repository))).toEqual({ number: 7, baseRef: 'main', baseSha, headSha, isFromFork });
});

test('a push is about none', async () => {
  expect(await readFrom(JSON.stringify({ ref: 'refs/heads/main', commits: [] }))).toBeUndefined();
});

test.each([
  ['no JSON', '{'],
  ['a pull request without a number', JSON.stringify({ pull_request: { base: {}, head: {} } })],
])('%s is an error that names the file', async (_, text) => {
  await expect(readFrom(text)).rejects.toMatchObject({
    code: 'event',
    attempted: expect.stringContaining('event.json'),
  });
});

test('outside of a job there is none to read', async () => {
  await expect(pullRequestOf('')).rejects.toThrow('run in a job of GitHub Actions');
});
