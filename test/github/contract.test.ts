import { describe, expect, test } from 'vitest';
import { matched, replyFaults, requestFaults, VIOLATION_STATUS } from './contract.ts';
import { startFakeGitHub } from './fake-github.ts';
import { openPull } from './pull-stories.ts';

async function fake() {
  const github = await startFakeGitHub();
  const pull = openPull(github.state, 'anna');
  const headers = { authorization: `token ${github.token()}`, 'content-type': 'application/json' };
  const ask = (method: string, path: string, body?: unknown) =>
    fetch(`${github.url}/repos/example/infrastructure${path}`, {
      method,
      headers,
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
  return { github, pull, ask, [Symbol.asyncDispose]: () => github[Symbol.asyncDispose]() };
}

describe('the fake is caught', () => {
  test('in a reply that GitHub would not give', async () => {
    await using made = await fake();
    const comment = made.github.state.comment(made.pull.number, 'anna', 'hello');
    Object.assign(comment, { createdAt: 'yesterday' });
    const reply = await made.ask('GET', `/issues/comments/${comment.id}`);
    expect(reply.status).toBe(VIOLATION_STATUS);
    expect(made.github.takeViolations().join()).toContain('the fake lies: reply 200/created_at must match format');
  });

  test('in a property that GitHub does not send', async () => {
    await using made = await fake();
    Object.assign(made.github.state.account('anna'), { nick: 'ann' });
    const comment = made.github.state.comment(made.pull.number, 'anna', 'hello');
    await made.ask('GET', `/issues/comments/${comment.id}`);
    expect(made.github.takeViolations().join()).toContain('GitHub sends no property nick');
  });

  test('in a refusal that looks like none of GitHub', async () => {
    await using made = await fake();
    made.github.queueFault({ status: 404, body: { error: 'no' } });
    await made.ask('GET', '');
    expect(made.github.takeViolations().join()).toContain('reply 404');
  });

  test('by a route that is none', async () => {
    await using made = await fake();
    const reply = await made.ask('GET', '/issues/1/commments');
    expect(reply.status).toBe(VIOLATION_STATUS);
    expect(made.github.takeViolations().join()).toContain('none of the operations');
  });

  test.each([
    ['without what it needs', 'POST', '/issues/NUMBER/comments', {}, "body must have required property 'body'"],
    ['of another type', 'POST', '/issues/NUMBER/comments', { body: 7 }, 'body/body must be string'],
    [
      'with what nobody reads',
      'POST',
      '/issues/NUMBER/comments',
      { body: 'x', boddy: 'y' },
      'body.boddy is no property',
    ],
    ['that is missing', 'POST', '/issues/NUMBER/comments', undefined, 'it needs a body'],
  ])('by a body %s', async (_, method, path, body, says) => {
    await using made = await fake();
    const reply = await made.ask(method, path.replace('NUMBER', String(made.pull.number)), body);
    expect(reply.status).toBe(VIOLATION_STATUS);
    expect(made.github.takeViolations().join()).toContain(says);
    expect(made.github.state.comments).toEqual([]);
  });

  test.each(['?perpage=100', '?per_page=many'])('by a query that is none: %s', async (query) => {
    await using made = await fake();
    await made.ask('GET', `/pulls/${made.pull.number}/reviews${query}`);
    expect(made.github.takeViolations().join()).toMatch(/\?perpage is no parameter|\?per_page must be/);
  });

  test('even where nobody looks: the test fails at its end', async () => {
    const made = await fake();
    await made.ask('GET', '/nothing');
    await expect(made.github[Symbol.asyncDispose]()).rejects.toThrow('/nothing: ContractViolation');
  });
});

describe('the description of GitHub', () => {
  test('is the one that was cut out, with every operation that has an answer', () => {
    const found = matched('GET', '/repos/o/r/git/ref/heads/a/b');
    expect(found).toMatchObject({ operation: { id: 'git/get-ref' }, parameters: { ref: 'heads/a/b' } });
    expect(matched('GET', '/repos/o/r/contents/a/b.yml')?.parameters['path']).toBe('a/b.yml');
    expect(matched('GET', '/repos/o/r/compare/a...b')?.parameters['basehead']).toBe('a...b');
    expect(matched('PUT', '/repos/o/r')).toBeUndefined();
  });

  test('takes what is right', () => {
    const found = matched('POST', '/repos/o/r/issues/1/comments');
    expect(found && requestFaults(found, new URLSearchParams(), { body: 'x' })).toEqual([]);
    expect(found && replyFaults(found.operation, 403, { message: 'no' })).toEqual([]);
    expect(found && replyFaults(found.operation, 202, {})).toEqual(['it never answers 202']);
  });
});
