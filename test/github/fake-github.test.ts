import { describe, expect, test } from 'vitest';
import { type FakeGitHub, startFakeGitHub } from './fake-github.ts';
import { primaryLimit, secondaryLimit, unavailable } from './faults.ts';
import { merge, openPull, pushTo, review } from './pull-stories.ts';

type Ask = (method: string, path: string, body?: unknown) => Promise<Response>;

function asking(github: FakeGitHub, token = github.token()): Ask {
  return (method, path, body) =>
    fetch(`${github.url}/repos/example/infrastructure${path}`, {
      method,
      headers: { authorization: `Bearer ${token}` },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
}

async function namesOf(reply: Response): Promise<readonly unknown[]> {
  const list: unknown = await reply.json();
  return Array.isArray(list) ? list.map(({ body, filename }) => body ?? filename) : [];
}

test('comments come page by page, with links to the others', async () => {
  await using github = await startFakeGitHub();
  const ask = asking(github);
  const { number } = openPull(github.state, 'anna');
  for (let i = 0; i < 205; i++) github.state.comment(number, 'anna', `comment ${i}`);
  const usual = await ask('GET', `/issues/${number}/comments`);
  expect(await namesOf(usual)).toHaveLength(30);
  const second = await ask('GET', `/issues/${number}/comments?per_page=100&page=2`);
  expect((await namesOf(second))[0]).toBe('comment 100');
  const address = `<${github.url}/repos/example/infrastructure/issues/${number}/comments?per_page=100&page`;
  expect(second.headers.get('link')).toBe(
    `${address}=1>; rel="prev", ${address}=3>; rel="next", ${address}=3>; rel="last", ${address}=1>; rel="first"`,
  );
  const last = await ask('GET', `/issues/${number}/comments?per_page=1000&page=3`);
  expect(await namesOf(last)).toHaveLength(5);
  expect(last.headers.get('link')).not.toContain('next');
});

test('comments are made, changed and removed, and GitHub takes no longer ones than GitHub', async () => {
  await using github = await startFakeGitHub();
  const ask = asking(github);
  const { number } = openPull(github.state, 'anna');
  expect((await ask('POST', `/issues/${number}/comments`, { body: 'ä'.repeat(65_537) })).status).toBe(422);
  expect((await ask('POST', `/issues/${number}/comments`, { body: 'ä'.repeat(65_536) })).status).toBe(201);
  const [{ id } = { id: 0 }] = github.state.comments;
  expect((await ask('PATCH', `/issues/comments/${id}`, { body: 'short' })).status).toBe(200);
  expect(await (await ask('GET', `/issues/comments/${id}`)).json()).toMatchObject({
    body: 'short',
    user: { login: 'github-actions[bot]', type: 'Bot' },
  });
  expect((await ask('DELETE', `/issues/comments/${id}`)).status).toBe(204);
  expect((await ask('DELETE', `/issues/comments/${id}`)).status).toBe(404);
});

test('pull requests have reviews, files and commits, and are found by them', async () => {
  await using github = await startFakeGitHub();
  const ask = asking(github);
  const pull = openPull(github.state, 'anna', { files: ['a.yml', 'b.yml'] });
  review(github.state, pull, 'ben', 'APPROVED');
  const first = pull.head;
  const head = pushTo(github.state, pull, 'anna');
  const sha = merge(github.state, pull, 'squash');
  expect(await namesOf(await ask('GET', `/pulls/${pull.number}/files?per_page=1&page=2`))).toEqual(['b.yml']);
  expect(await (await ask('GET', `/pulls/${pull.number}/reviews`)).json()).toMatchObject([
    { state: 'APPROVED', commit_id: first, user: { login: 'ben' } },
  ]);
  const found = { number: pull.number, merge_commit_sha: sha, head: { sha: head } };
  expect(await (await ask('GET', `/commits/${sha}/pulls`)).json()).toMatchObject([found]);
  expect(await (await ask('GET', '/pulls?state=closed&base=main')).json()).toMatchObject([found]);
  github.state.isIndexLate = true;
  expect(await (await ask('GET', `/commits/${sha}/pulls`)).json()).toEqual([]);
  expect((await ask('GET', `/commits/${'0'.repeat(40)}/pulls`)).status).toBe(422);
});

test.each([
  ['merge', 'ahead', true],
  ['squash', 'diverged', true],
  ['rebase', 'diverged', false],
  ['fast-forward', 'identical', false],
  ['by-hand', 'ahead', false],
  ['with-more', 'ahead', false],
] as const)('a pull request that came in by %s is %s of its head', async (how, status, verified) => {
  await using github = await startFakeGitHub();
  const ask = asking(github);
  github.state.refs.set('heads/main', github.state.commit());
  const pull = openPull(github.state, 'anna');
  const sha = merge(github.state, pull, how);
  expect(await (await ask('GET', `/compare/${pull.head}...${sha}`)).json()).toMatchObject({ status });
  expect(await (await ask('GET', `/commits/${sha}`)).json()).toMatchObject({ commit: { verification: { verified } } });
});

test('everything else that is described has an answer', async () => {
  await using github = await startFakeGitHub();
  const ask = asking(github);
  const sha = github.state.commit();
  github.state.member('anna', 'write');
  const statuses: number[] = [];
  const say = async (method: string, path: string, body?: unknown) => {
    const reply = await ask(method, path, body);
    statuses.push(reply.status);
    return reply;
  };
  await say('GET', '');
  await say('GET', '/collaborators/anna/permission');
  await say('POST', '/git/refs', { ref: 'refs/heads/main', sha });
  await say('POST', '/git/refs', { ref: 'refs/heads/fix', sha });
  await say('GET', '/git/ref/heads/fix');
  await say('PATCH', '/git/refs/heads/fix', { sha: github.state.commit({ parents: [sha] }) });
  await say('PUT', '/contents/a/b.yml', { message: 'add', content: 'eA==', branch: 'fix' });
  const file: unknown = await (await say('GET', '/contents/a/b.yml?ref=fix')).json();
  expect(file).toMatchObject({ path: 'a/b.yml', content: 'eA==', sha: 'c1b0730e0133447badcfd47fd144e254807b06e1' });
  await say('PUT', '/contents/a/b.yml', { message: 'change', content: 'eQ==', branch: 'fix' });
  await say('POST', '/pulls', { title: 'Fix', head: 'fix', base: 'main', body: '' });
  await say('GET', `/pulls/${[...github.state.pulls.keys()][0]}`);
  await say('POST', '/issues', { title: 'Drift', body: 'web', labels: ['drift'] });
  const [issue = 0] = github.state.issues.keys();
  await say('PATCH', `/issues/${issue}`, { state: 'closed' });
  await say('GET', '/issues?state=all&labels=drift');
  await say('GET', `/issues/${issue}`);
  await say('POST', '/deployments', { ref: 'main', environment: 'production', required_contexts: [] });
  await say('GET', '/deployments?environment=production');
  const [{ id } = { id: 0 }] = github.state.deployments;
  await say('POST', `/deployments/${id}/statuses`, { state: 'success', log_url: 'https://example.com' });
  await say('GET', `/deployments/${id}/statuses`);
  await say('DELETE', '/git/refs/heads/fix');
  expect(statuses).toEqual([
    200, 200, 201, 201, 200, 200, 201, 200, 409, 201, 200, 201, 200, 200, 200, 201, 200, 201, 200, 204,
  ]);
});

describe('a token', () => {
  test('that may only read is told what it lacks', async () => {
    await using github = await startFakeGitHub();
    const { number } = openPull(github.state, 'anna');
    const ask = asking(github, github.token('read-only'));
    expect((await ask('GET', `/issues/${number}/comments`)).status).toBe(200);
    const refused = await ask('POST', `/issues/${number}/comments`, { body: 'x' });
    expect(refused.status).toBe(403);
    expect(refused.headers.get('x-accepted-github-permissions')).toBe('issues=write; pull_requests=write');
    expect(await refused.json()).toMatchObject({ message: 'Resource not accessible by integration' });
  });

  test('that nobody has given is none', async () => {
    await using github = await startFakeGitHub();
    expect((await asking(github, 'made-up')('GET', '')).status).toBe(401);
  });

  test('says whose it is', async () => {
    await using github = await startFakeGitHub();
    const token = github.token({}, 'anna');
    const headers = { authorization: `token ${token}` };
    const body = JSON.stringify({ query: '{ viewer { login databaseId } }' });
    const reply = await fetch(`${github.url}/graphql`, { method: 'POST', headers, body });
    expect(await reply.json()).toEqual({
      data: { viewer: { login: 'anna', databaseId: github.state.account('anna').id } },
    });
  });
});

describe('a fault', () => {
  test('comes as often as it was asked for, and only where', async () => {
    await using github = await startFakeGitHub();
    const ask = asking(github);
    github.queueFault({ ...unavailable(), path: /infrastructure$/, times: 2 });
    github.queueFault(secondaryLimit(60));
    github.queueFault(primaryLimit(1_800_000_000));
    const statuses: number[] = [];
    const headers: (string | null)[] = [];
    for (let i = 0; i < 5; i++) {
      const reply = await ask('GET', '');
      statuses.push(reply.status);
      headers.push(reply.headers.get('retry-after') ?? reply.headers.get('x-ratelimit-remaining'));
    }
    expect(statuses).toEqual([502, 502, 403, 403, 200]);
    expect(headers).toEqual(['999', '999', '60', '0', '999']);
  });

  test('cuts the connection before the work, or after it', async () => {
    await using github = await startFakeGitHub();
    const ask = asking(github);
    const { number } = openPull(github.state, 'anna');
    for (const cut of ['before', 'after'] as const) {
      github.queueFault({ method: 'POST', cut });
      await expect(ask('POST', `/issues/${number}/comments`, { body: cut })).rejects.toThrow();
    }
    expect(github.state.comments.map(({ body }) => body)).toEqual(['after']);
  });

  test('lets a request hang, or wait for something', async () => {
    await using github = await startFakeGitHub();
    const ask = asking(github);
    const { promise, resolve } = Promise.withResolvers<void>();
    github.queueFault({ until: promise });
    const waiting = ask('GET', '').then(({ status }) => status);
    expect((await ask('GET', '')).status).toBe(200);
    resolve();
    expect(await waiting).toBe(200);
    github.queueFault({ hangs: true });
    const signal = AbortSignal.timeout(50);
    await expect(fetch(`${github.url}/repos/example/infrastructure`, { signal })).rejects.toThrow('timeout');
  });
});
