import { expect, test } from 'vitest';
import { serving } from '../../../../test/github/plain-server.ts';
import type { ApiRequest } from './github-api.ts';
import { octokitTransport } from './transport.ts';

const REPOSITORY: ApiRequest = { attempted: 'read it', method: 'GET', route: '/repos/{owner}/{repo}' };
const { signal } = new AbortController();

test('a repository that was renamed is found at its new address', async () => {
  await using server = await serving(({ url }) =>
    url === '/repos/acme/old' ? { status: 301, location: '/repositories/7' } : { status: 200 },
  );
  const send = octokitTransport({ token: 'secret', apiUrl: server.url, repository: 'acme/old' });
  expect(await send(REPOSITORY, signal)).toMatchObject({ status: 200, data: { asked: '/repositories/7' } });
  expect(server.seen.map(({ authorization }) => authorization)).toEqual(['token secret', 'token secret']);
});

test('a redirection to somebody else does not get the token', async () => {
  await using other = await serving(() => ({ status: 200 }));
  await using server = await serving(() => ({ status: 302, location: `${other.url}/stolen` }));
  const send = octokitTransport({ token: 'secret', apiUrl: server.url, repository: 'acme/infra' });
  expect(await send(REPOSITORY, signal)).toMatchObject({ status: 200 });
  expect(other.seen).toEqual([{ url: '/stolen', authorization: undefined }]);
});

test('a redirection in circles ends', async () => {
  await using server = await serving(() => ({ status: 302, location: '/again' }));
  const send = octokitTransport({ token: 'secret', apiUrl: server.url, repository: 'acme/infra' });
  expect(await send(REPOSITORY, signal)).toMatchObject({ status: 302 });
  expect(server.seen).toHaveLength(4);
});
