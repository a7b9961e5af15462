import { afterEach, expect, test, vi } from 'vitest';
import { startFakeGitHub } from '../../../test/github/fake-github.ts';
import { merge, openPull, review } from '../../../test/github/pull-stories.ts';
import { createRepository, type TestRepository } from '../../../test/lab/git-repository.ts';
import { approvalOfClone, gitHubToken } from './approval-of-clone.ts';

afterEach(() => {
  vi.unstubAllEnvs();
});

const { signal } = new AbortController();

async function cloneOf(origin: string): Promise<TestRepository> {
  const repository = await createRepository({ 'gitops.yml': '' });
  if (origin !== '') await repository.git('remote', 'add', 'origin', origin);
  return repository;
}

test('a commit of a clone is asked for where the clone comes from', async () => {
  await using github = await startFakeGitHub('acme/infra');
  github.state.member('ben', 'write');
  const pull = openPull(github.state, 'anna');
  review(github.state, pull, 'ben', 'APPROVED');
  const sha = merge(github.state, pull, 'squash');
  vi.stubEnv('GITHUB_API_URL', github.url);
  await using clone = await cloneOf('git@github.com:acme/infra.git');
  const check = approvalOfClone(clone.path, github.token(undefined, 'anna'), signal);
  expect(await check?.(sha, 'main')).toEqual({ isApproved: true, pull: pull.number, by: ['ben'] });
  expect(await check?.('f'.repeat(40), 'main')).toMatchObject({ isApproved: false });
});

const password = ['hunter', '2'].join('');

test.each([
  ['', 'it has no remote `origin`'],
  [`https://anna:${password}@git.example.com/acme/infra.git`, 'neither on github.com nor on the server'],
])('a clone of %j has nobody to ask, and says so without a password', async (origin, says) => {
  await using clone = await cloneOf(origin);
  const asked = approvalOfClone(clone.path, 'token', signal)?.('f'.repeat(40), 'main');
  await expect(asked).rejects.toThrow(says);
  await expect(asked).rejects.not.toThrow(password);
});

test('without a token there is nobody to ask', () => {
  expect(approvalOfClone('.', gitHubToken({ GH_TOKEN: '' }), signal)).toBeUndefined();
  expect(gitHubToken({ GITHUB_TOKEN: 'a' })).toBe('a');
  expect(gitHubToken({ GITHUB_TOKEN: 'a', GH_TOKEN: 'b' })).toBe('b');
});
