import { expect, test, vi } from 'vitest';
import { serving } from '../../../../test/github/plain-server.ts';
import { octokitTransport } from './transport.ts';

// In a file of its own: the proxy is looked up when octokit is loaded, and that is once.
test('a proxy that the environment names is gone through', async () => {
  await using proxy = await serving(() => ({ status: 200 }));
  const variables = { HTTP_PROXY: proxy.url, http_proxy: proxy.url, NO_PROXY: '', no_proxy: '' };
  for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value);
  const send = octokitTransport({ token: 'secret', apiUrl: 'http://api.example.com', repository: 'acme/infra' });
  const route = '/repos/{owner}/{repo}';
  const reply = await send({ attempted: 'read it', method: 'GET', route }, new AbortController().signal);
  expect(reply).toMatchObject({ status: 200 });
  expect(proxy.seen).toEqual([{ url: 'http://api.example.com/repos/acme/infra', authorization: 'token secret' }]);
});
