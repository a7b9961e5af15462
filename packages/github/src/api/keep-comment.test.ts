import { describe, expect, test } from 'vitest';
import { clientOf } from '../../../../test/github/client.ts';
import { type FakeGitHub, startFakeGitHub } from '../../../../test/github/fake-github.ts';
import { refusal, unavailable } from '../../../../test/github/faults.ts';
import { openPull } from '../../../../test/github/pull-stories.ts';
import type { GitHubApi } from './github-api.ts';
import { type CommentOutcome, type KeptComment, keepComment } from './keep-comment.ts';
import { marked } from './marker.ts';

const MARKER = 'plan/production';
const URL = 'https://github.com/example/infrastructure/actions/runs/7/attempts/1';

interface Scene extends AsyncDisposable {
  readonly github: FakeGitHub;
  readonly number: number;
  readonly client: GitHubApi;
  /** Run `run` says this. */
  keep(body: string, run?: number, said?: Partial<KeptComment>, client?: GitHubApi): Promise<CommentOutcome>;
  /** What is written below the pull request, each in short: `login: text`. */
  texts(): readonly string[];
  /** Requests that write. */
  writes(): readonly string[];
}

async function scene(): Promise<Scene> {
  const github = await startFakeGitHub();
  const { number } = openPull(github.state, 'anna');
  const client = clientOf(github);
  return {
    github,
    number,
    client,
    keep: (body, run = 7, said = {}, by = client) =>
      keepComment(by, { pullNumber: number, marker: MARKER, body, run: { run, attempt: 1, url: URL }, ...said }),
    texts: () =>
      github.state.comments.map(({ author, body }) => `${author?.login}: ${body.replace(/^<!--.*-->\n/, '')}`),
    writes: () =>
      github.log
        .filter(({ method, operation }) => method !== 'GET' && operation !== 'graphql')
        .map(({ operation }) => operation),
    [Symbol.asyncDispose]: () => github[Symbol.asyncDispose](),
  };
}

const OURS = 'github-actions[bot]';

describe('a kept comment', () => {
  test('is made once, changed when there is something new to say, and else left alone', async () => {
    await using s = await scene();
    expect(await s.keep('plan 1\n')).toBe('created');
    expect(await s.keep('plan 1')).toBe('unchanged');
    expect(await s.keep('plan 1', 8)).toBe('unchanged');
    expect(await s.keep('plan 2', 8)).toBe('updated');
    expect(s.texts()).toEqual([`${OURS}: plan 2`]);
    expect(s.writes()).toEqual(['issues/create-comment', 'issues/update-comment']);
  });

  test('does not show its marker, and is one of several by their names', async () => {
    await using s = await scene();
    await s.keep('production');
    expect(await s.keep('staging', 7, { marker: 'plan/staging' })).toBe('created');
    expect(await s.keep('production again', 8)).toBe('updated');
    expect(s.texts()).toEqual([`${OURS}: production again`, `${OURS}: staging`]);
    expect(s.github.state.comments[0]?.body).toMatch(/^<!-- [^\n]* -->\nproduction again$/);
  });

  test('is found behind hundreds of others', async () => {
    await using s = await scene();
    for (let i = 0; i < 150; i++) s.github.state.comment(s.number, 'anna', `before ${i}`);
    await s.keep('plan 1');
    for (let i = 0; i < 150; i++) s.github.state.comment(s.number, 'anna', `after ${i}`);
    expect(await s.keep('plan 2', 8)).toBe('updated');
    expect(s.texts().filter((text) => text.startsWith(OURS))).toEqual([`${OURS}: plan 2`]);
  });

  test.each([
    ['of a person', 'ben'],
    ['of an app', 'planner[bot]'],
  ])('is kept with the token %s as well', async (_, login) => {
    await using s = await scene();
    const client = clientOf(s.github, { token: s.github.token(undefined, login) });
    await s.keep('plan 1', 7, {}, client);
    expect(await s.keep('plan 2', 8, {}, client)).toBe('updated');
    expect(s.texts()).toEqual([`${login}: plan 2`]);
  });

  test('that somebody has removed is made again', async () => {
    await using s = await scene();
    await s.keep('plan 1');
    s.github.state.comments = [];
    expect(await s.keep('plan 1')).toBe('created');
  });

  test('is read where GraphQL is shut off', async () => {
    await using s = await scene();
    await s.keep('plan 1');
    s.github.queueFault({ path: '/graphql', status: 404, body: refusal(404, 'Not Found') });
    expect(await s.keep('plan 2', 8)).toBe('updated');
  });
});

describe('a marker that somebody else pastes', () => {
  const forged = (text: string, run = 999_999_999_999) => marked(MARKER, { run, attempt: 1 }, text);

  test.each(['stranger', 'echo[bot]'])('as %s hijacks nothing: before, and after', async (login) => {
    await using s = await scene();
    s.github.state.comment(s.number, login, forged('forged'));
    expect(await s.keep('plan 1')).toBe('created');
    s.github.state.comment(s.number, login, forged('plan 1'));
    s.github.state.comment(s.number, login, marked(MARKER, { run: 1, attempt: 1 }, 'older'));
    expect(await s.keep('plan 2', 8)).toBe('updated');
    expect(s.texts()).toEqual([`${login}: forged`, `${OURS}: plan 2`, `${login}: plan 1`, `${login}: older`]);
  });

  test('below our own words is only quoted', async () => {
    await using s = await scene();
    s.github.state.comment(s.number, OURS, `> somebody said:\n${forged('forged')}`);
    expect(await s.keep(`a plan with\n${forged('forged')}`)).toBe('created');
    expect(await s.keep('plan 2', 8)).toBe('updated');
    expect(s.texts()[1]).toBe(`${OURS}: plan 2`);
  });

  test('by an account that was deleted is nobody of us', async () => {
    await using s = await scene();
    s.github.state.comments.push({ ...s.github.state.comment(s.number, 'ghost', forged('x')), id: 77, author: null });
    expect(await s.keep('plan 1')).toBe('created');
  });
});

describe('a token that may not comment', () => {
  test.each([
    ['may only read', 'read-only' as const],
    ['may not even read', { contents: 'read' as const }],
  ])('because it %s is no failure', async (_, permissions) => {
    await using s = await scene();
    const client = clientOf(s.github, { token: s.github.token(permissions) });
    expect(await s.keep('plan 1', 7, {}, client)).toBe('no-permission');
    expect(s.texts()).toEqual([]);
  });

  test('is one, and not a token that is none', async () => {
    await using s = await scene();
    const client = clientOf(s.github, { token: 'made-up' });
    await expect(s.keep('plan 1', 7, {}, client)).rejects.toMatchObject({ code: 'github-api', status: 401 });
  });

  test('is not taken for a pull request that is locked', async () => {
    await using s = await scene();
    s.github.queueFault({
      method: 'POST',
      status: 403,
      body: refusal(403, 'Unable to create comment because issue is locked.'),
    });
    await expect(s.keep('plan 1')).rejects.toMatchObject({ status: 403 });
  });
});

describe('a body', () => {
  test('that is too long is cut with a pointer to the summary, and not said again', async () => {
    await using s = await scene();
    const long = `# Plan\n\n${'a line of it\n'.repeat(10_000)}`;
    expect(await s.keep(long)).toBe('created');
    const [{ body } = { body: '' }] = s.github.state.comments;
    expect(body.length).toBeLessThanOrEqual(65_536);
    expect(body.length).toBeGreaterThan(65_000);
    expect(body).toMatch(/a line of it\n\n\*The rest is in the \[summary of the job\]\(https:.*\)\.\*$/);
    expect(await s.keep(long)).toBe('unchanged');
  });
});

describe('runs at the same time', () => {
  test('that both find nothing end with one comment, of the newer run', async () => {
    await using s = await scene();
    const both = Promise.withResolvers<void>();
    for (let i = 0; i < 2; i++) s.github.queueFault({ method: 'POST', path: /comments$/, until: both.promise });
    const runs = [s.keep('plan 8', 8), s.keep('plan 7', 7)];
    await until(() => s.writes().length === 2);
    both.resolve();
    expect((await Promise.all(runs)).toSorted()).toEqual(['created', 'unchanged']);
    expect(s.texts()).toEqual([`${OURS}: plan 8`]);
  });

  test.each([
    ['the newer', 8, 7],
    ['the older', 7, 8],
  ])('end with the newer plan when %s is first', async (_, first, second) => {
    await using s = await scene();
    await s.keep('plan 6', 6);
    await s.keep(`plan ${first}`, first);
    expect(await s.keep(`plan ${second}`, second)).toBe(second === 8 ? 'updated' : 'unchanged');
    expect(s.texts()).toEqual([`${OURS}: plan 8`]);
  });

  test('end with the newer plan when an older run is late by a request', async () => {
    await using s = await scene();
    await s.keep('plan 6', 6);
    const newer = Promise.withResolvers<void>();
    // The older run has listed the comments, and looks once more before it writes.
    s.github.queueFault({ path: '/graphql', until: newer.promise });
    const older = s.keep('plan 7', 7);
    await until(() => s.github.asked().includes('graphql 0'));
    expect(await s.keep('plan 8', 8)).toBe('updated');
    newer.resolve();
    expect(await older).toBe('unchanged');
    expect(s.texts()).toEqual([`${OURS}: plan 8`]);
  });

  test('end with the newer plan when an older run writes over it at once', async () => {
    await using s = await scene();
    await s.keep('plan 6', 6);
    const [written, seen] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    s.github.queueFault({ method: 'PATCH', until: written.promise });
    const older = s.keep('plan 7', 7);
    await until(() => s.writes().length === 2);
    // The newer run has written, and its second look waits until the older one has written as well.
    s.github.queueFault({ method: 'GET', path: /issues\/comments\/\d+$/ });
    s.github.queueFault({ method: 'GET', path: /issues\/comments\/\d+$/, until: seen.promise });
    const newer = s.keep('plan 8', 8);
    await until(() => s.writes().length === 3 && s.github.asked().at(-1) === 'issues/get-comment 0');
    written.resolve();
    await older;
    seen.resolve();
    expect(await newer).toBe('updated');
    expect(s.texts()).toEqual([`${OURS}: plan 8`]);
  });

  test('of the same run do not write over each other for ever', async () => {
    await using s = await scene();
    await s.keep('a');
    expect(await s.keep('b')).toBe('updated');
    expect(s.writes()).toHaveLength(2);
  });

  test('leave one comment where an earlier run was stopped between two requests', async () => {
    await using s = await scene();
    for (const run of [5, 7, 6])
      s.github.state.comment(s.number, OURS, marked(MARKER, { run, attempt: 1 }, `plan ${run}`));
    expect(await s.keep('plan 7', 7)).toBe('unchanged');
    expect(s.texts()).toEqual([`${OURS}: plan 7`]);
  });

  test('do not mind that another has removed a comment already', async () => {
    await using s = await scene();
    for (const run of [5, 6])
      s.github.state.comment(s.number, OURS, marked(MARKER, { run, attempt: 1 }, `plan ${run}`));
    s.github.queueFault({ method: 'DELETE', cut: 'after' });
    expect(await s.keep('plan 7', 7)).toBe('updated');
    expect(s.texts()).toEqual([`${OURS}: plan 7`]);
  });

  test('make the comment again that is removed while they write', async () => {
    await using s = await scene();
    await s.keep('plan 6', 6);
    const { promise, resolve } = Promise.withResolvers<void>();
    s.github.queueFault({ method: 'PATCH', until: promise });
    const run = s.keep('plan 7', 7);
    await until(() => s.writes().length === 2);
    s.github.state.comments = [];
    resolve();
    expect(await run).toBe('created');
    expect(s.texts()).toEqual([`${OURS}: plan 7`]);
  });
});

describe('a GitHub that fails', () => {
  test('for a moment does not keep the comment from being changed', async () => {
    await using s = await scene();
    await s.keep('plan 1');
    s.github.queueFault({ ...unavailable(), method: 'PATCH', times: 2 });
    s.github.queueFault({ method: 'PATCH', cut: 'after' });
    expect(await s.keep('plan 2', 8)).toBe('updated');
    expect(s.texts()).toEqual([`${OURS}: plan 2`]);
  });

  test('after it has taken a new comment leaves none behind that would be doubled', async () => {
    await using s = await scene();
    s.github.queueFault({ method: 'POST', path: /comments$/, cut: 'after' });
    await expect(s.keep('plan 1')).rejects.toMatchObject({ code: 'github-api' });
    expect(await s.keep('plan 2', 8)).toBe('updated');
    expect(s.texts()).toEqual([`${OURS}: plan 2`]);
  });
});

/** Waits for what the server sees, by its own turns and no clock. */
async function until(isSo: () => boolean): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const look = () => (isSo() ? resolve() : setImmediate(look));
  look();
  await promise;
}
