import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { clientOf } from '../../../../test/github/client.ts';
import { startFakeGitHub } from '../../../../test/github/fake-github.ts';
import { primaryLimit, refusal, secondaryLimit, unavailable } from '../../../../test/github/faults.ts';
import { openPull } from '../../../../test/github/pull-stories.ts';
import { ManualClock } from '../../../core/src/testing/manual-clock.ts';
import type { ApiRequest } from './github-api.ts';
import { GitHubApiError } from './github-api-error.ts';

const REPOSITORY: ApiRequest = { attempted: 'read the repository', method: 'GET', route: '/repos/{owner}/{repo}' };
const Name = v.object({ full_name: v.string() });

function comment(number: number): ApiRequest {
  const route = '/repos/{owner}/{repo}/issues/{issue_number}/comments';
  return { attempted: 'comment', method: 'POST', route, parameters: { issue_number: number, body: 'hello' } };
}

async function failureOf(asked: Promise<unknown>): Promise<GitHubApiError> {
  try {
    await asked;
  } catch (error) {
    if (error instanceof GitHubApiError) return error;
    throw error;
  }
  throw new Error('it was answered');
}

describe('a question', () => {
  test('is answered as the schema says', async () => {
    await using github = await startFakeGitHub();
    expect(await clientOf(github).ask(REPOSITORY, Name)).toEqual({ full_name: 'example/infrastructure' });
    expect(await clientOf(github, { apiUrl: `${github.url}/` }).ask(REPOSITORY, Name)).toBeDefined();
  });

  test('that is answered otherwise is an error that says where', async () => {
    await using github = await startFakeGitHub();
    const failure = await failureOf(
      clientOf(github).ask(REPOSITORY, v.object({ owner: v.object({ id: v.string() }) })),
    );
    expect(failure.message).toContain('read the repository in example/infrastructure');
    expect(failure.message).toContain('owner.id');
  });

  test('for a list is asked until the last page', async () => {
    await using github = await startFakeGitHub();
    const files = Array.from({ length: 250 }, (_, index) => `${index}.yml`);
    const { number } = openPull(github.state, 'anna', { files });
    const request: ApiRequest = {
      attempted: 'read the files',
      method: 'GET',
      route: '/repos/{owner}/{repo}/pulls/{pull_number}/files',
      parameters: { pull_number: number },
    };
    const found = await clientOf(github).askAll(request, v.object({ filename: v.string() }));
    expect(found.map(({ filename }) => filename)).toEqual(files);
    expect(github.log.map(({ query }) => query)).toEqual([1, 2, 3].map((page) => `?per_page=100&page=${page}`));
  });
});

describe('a failure', () => {
  test.each([
    ['a server', unavailable(502)],
    ['a cut connection', { cut: 'before' } as const],
    ['an answer that is cut off', { cut: 'within' } as const],
  ])('of %s is tried again, longer and longer, and not for ever', async (_, fault) => {
    await using github = await startFakeGitHub();
    const clock = new ManualClock();
    github.queueFault({ ...fault, times: 3 });
    expect(await clientOf(github, { clock }).ask(REPOSITORY, Name)).toBeDefined();
    expect(clock.now()).toBe(7000);
    github.queueFault({ ...fault, times: 4 });
    const failure = await failureOf(clientOf(github, { clock }).ask(REPOSITORY, Name));
    expect(failure.message).toContain('run again later');
    expect(github.log).toHaveLength(8);
  });

  test.each([unavailable(503), secondaryLimit(1), { cut: 'after' } as const])(
    'to write something new is not tried again: it may have been done',
    async (fault) => {
      await using github = await startFakeGitHub();
      const { number } = openPull(github.state, 'anna');
      github.queueFault(fault);
      await failureOf(clientOf(github).ask(comment(number), v.unknown()));
      expect(github.log).toHaveLength(1);
    },
  );

  test('of a crowd is tried again when GitHub says, unless that is long', async () => {
    await using github = await startFakeGitHub();
    const clock = new ManualClock();
    github.queueFault(secondaryLimit(45));
    expect(await clientOf(github, { clock }).ask(REPOSITORY, Name)).toBeDefined();
    expect(clock.now()).toBe(45_000);
    github.queueFault(secondaryLimit(3600));
    const failure = await failureOf(clientOf(github, { clock }).ask(REPOSITORY, Name));
    expect(failure).toMatchObject({ status: 403, isNotPermitted: false });
    expect(failure.message).toContain('run again in a few minutes');
  });

  test('of a token that has asked too much says until when', async () => {
    await using github = await startFakeGitHub();
    github.queueFault(primaryLimit(1_800_000_000));
    const failure = await failureOf(clientOf(github).ask(REPOSITORY, Name));
    expect(failure.message).toContain('run again after 2027-01-15T08:00:00.000Z');
    expect(github.log).toHaveLength(1);
  });

  test('for want of a permission names the line that gives it', async () => {
    await using github = await startFakeGitHub();
    const { number } = openPull(github.state, 'anna');
    const failure = await failureOf(
      clientOf(github, { token: github.token('read-only') }).ask(comment(number), v.unknown()),
    );
    expect(failure).toMatchObject({ code: 'github-api', status: 403, isNotPermitted: true });
    expect(failure.message).toBe(
      'Could not comment in example/infrastructure: GitHub answered 403: Resource not accessible by integration\n' +
        '  → add `issues: write` or `pull-requests: write` to `permissions:` of the job, or to the token',
    );
  });

  test.each([
    [401, 'Bad credentials', 'give another token'],
    [404, 'Not Found', 'check the names'],
    [403, 'Unable to create comment because issue is locked.', 'do what GitHub says'],
    [422, 'Validation Failed', 'do what GitHub says'],
  ])('%i says what GitHub says and what to do', async (status, message, remedy) => {
    await using github = await startFakeGitHub();
    github.queueFault({ status, body: refusal(status, message) });
    const failure = await failureOf(clientOf(github).ask(REPOSITORY, Name));
    expect(failure).toMatchObject({ status, isNotPermitted: false });
    expect(failure.message).toContain(`GitHub answered ${status}: ${message}`);
    expect(failure.message).toContain(remedy);
  });

  test('of a GitHub that never answers is seen by the deadline', async () => {
    await using github = await startFakeGitHub();
    github.queueFault({ hangs: true, times: 4 });
    const failure = await failureOf(clientOf(github, { deadlineMs: 20 }).ask(REPOSITORY, Name));
    expect(failure).toMatchObject({ status: 0 });
    expect(failure.message).toContain('GitHub did not answer: nothing came within 0.02 s');
  });

  test('of a GitHub that is not there says so', async () => {
    const github = await startFakeGitHub();
    const { url } = github;
    await github[Symbol.asyncDispose]();
    const failure = await failureOf(clientOf(github, { apiUrl: url }).ask(REPOSITORY, Name));
    expect(failure.message).toContain('ECONNREFUSED');
  });

  test('of a run that is cancelled is its cancellation', async () => {
    await using github = await startFakeGitHub();
    const controller = new AbortController();
    github.queueFault({ hangs: true });
    const asked = clientOf(github, { signal: controller.signal }).ask(REPOSITORY, Name);
    controller.abort(new Error('cancelled by anna'));
    await expect(asked).rejects.toThrow('cancelled by anna');
  });

  test('tells no token', async () => {
    await using github = await startFakeGitHub();
    const token = github.token('read-only');
    const { number } = openPull(github.state, 'anna');
    const failure = await failureOf(clientOf(github, { token }).ask(comment(number), v.unknown()));
    expect(JSON.stringify({ ...failure, stack: failure.stack })).not.toContain(token);
  });
});
