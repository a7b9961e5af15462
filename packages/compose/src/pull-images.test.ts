import type { RegistryLogin } from '@gitops/core';
import { GitopsError } from '@gitops/core';
import type { Connection, RemoteScript } from '@gitops/host';
import { expect, it, vi } from 'vitest';
import { imageId } from '../../core/src/testing/desired-state.ts';
import { type PullInput, pullImages } from './pull-images.ts';

const login: RegistryLogin = {
  host: 'ghcr.io',
  username: 'robot',
  password: 'hidden',
  source: 'environment.yml:9 (registries[0])',
};
const REFUSED = 'Error response from daemon: dial tcp 192.0.2.1:443: connect: connection refused';

interface Asked {
  readonly scripts: RemoteScript[];
  readonly told: string[];
  mostAtOnce: number;
}

/** A host on which a pull ends as the test says: with the words of `docker`, or well. */
function inputFor(
  asked: Asked,
  failing: Readonly<Record<string, string>> = {},
  said: Partial<PullInput> = {},
): PullInput {
  let atOnce = 0;
  const connection: Connection = {
    label: 'gitops@docker.example.com:22',
    run: async (script) => {
      asked.scripts.push(script);
      atOnce += 1;
      asked.mostAtOnce = Math.max(asked.mostAtOnce, atOnce);
      await new Promise(setImmediate);
      atOnce -= 1;
      const reference = script.args?.[2] ?? '';
      const words = failing[reference];
      const image = words === undefined ? `"${imageId(reference)}" [] ${reference}` : '';
      const text = `\n@@code\n${words === undefined ? 0 : 1}\n\n@@said\n${words ?? ''}\n\n@@image\n${image}\n`;
      return { code: 0, stdout: Buffer.from(text), stderr: '' };
    },
    open: () => Promise.reject(new GitopsError('test', { attempted: 'open', seen: 'a test', remedy: 'none' })),
    close: () => {},
    [Symbol.asyncDispose]: async () => {},
  };
  const tell = (line: string) => asked.told.push(line);
  const rest = {
    staging: '/state/staging/7',
    logins: [login],
    built: new Set(['shop-web']),
    environmentFile: 'environment.yml',
  };
  return { connection, tell: (line) => void tell(line), ...rest, ...said };
}

function nothingAsked(): Asked {
  return { scripts: [], told: [], mostAtOnce: 0 };
}

it('images are pulled three at a time, each with no other login than that of its registry', async () => {
  const asked = nothingAsked();
  const references = ['ghcr.io/a:1', 'ghcr.io/b:1', 'nginx:1', 'caddy:2', 'redis:7'];
  const { facts, warnings } = await pullImages(inputFor(asked), references, new Map());
  expect(asked.mostAtOnce).toBe(3);
  expect([...facts.keys()].sort()).toEqual([...references].sort());
  expect(warnings).toEqual([]);
  const auth = Buffer.from('robot:hidden').toString('base64');
  const sent = new Map(asked.scripts.map(({ args = [], stdin }) => [args[2], stdin]));
  expect(sent.get('ghcr.io/a:1')).toBe(JSON.stringify({ auths: { 'ghcr.io': { auth } } }));
  expect(sent.get('nginx:1')).toBe('');
  for (const { args, script } of asked.scripts) expect(JSON.stringify([args, script])).not.toMatch(/hidden|cm9ib3Q/);
});

it('Docker Hub is logged in to by its own address', async () => {
  const asked = nothingAsked();
  await pullImages(inputFor(asked, {}, { logins: [{ ...login, host: 'docker.io' }] }), ['nginx:1'], new Map());
  expect(asked.scripts[0]?.stdin).toContain('"https://index.docker.io/v1/"');
});

it('it is told what is pulled, and how it ended', async () => {
  const asked = nothingAsked();
  const here = new Map([['caddy:2', { id: imageId('caddy'), registryDigests: [] }]]);
  const { warnings, facts } = await pullImages(inputFor(asked, { 'caddy:2': REFUSED }), ['nginx:1', 'caddy:2'], here);
  expect(asked.told).toEqual([
    'Pulling nginx:1',
    'Pulling caddy:2',
    expect.stringMatching(/^Pulled nginx:1 \(\d+ s\)$/),
    expect.stringMatching(/^Could not pull caddy:2 \(\d+ s\)$/),
  ]);
  expect(facts.get('caddy:2')?.id).toBe(imageId('caddy'));
  expect(warnings).toEqual([
    'caddy:2 could not be pulled and is used as it is on the host: nobody answers at docker.io (dial tcp 192.0.2.1:443: connect: connection refused)',
  ]);
});

it('what takes its time is told now and then', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance'] });
  try {
    const asked = nothingAsked();
    const gate = Promise.withResolvers<void>();
    const input = inputFor(asked);
    const slow = {
      ...input.connection,
      run: (script: RemoteScript) => gate.promise.then(() => input.connection.run(script)),
    };
    const pulling = pullImages({ ...input, connection: slow }, ['nginx:1'], new Map());
    await new Promise(setImmediate);
    vi.advanceTimersByTime(31_000);
    gate.resolve();
    await pulling;
    vi.advanceTimersByTime(60_000);
    expect(asked.told).toEqual([
      'Pulling nginx:1',
      'Still pulling nginx:1 after 15 s',
      'Still pulling nginx:1 after 30 s',
      'Pulled nginx:1 (31 s)',
    ]);
  } finally {
    vi.useRealTimers();
  }
});

it('every image that is missing is named, with what to do for each', async () => {
  const failing = {
    'ghcr.io/a:1': 'Error response from daemon: unauthorized: authentication required',
    'nginx:nope': 'Error response from daemon: manifest for nginx:nope not found: manifest unknown: manifest unknown',
    'shop-web':
      "Using default tag: latest\nError response from daemon: pull access denied for shop-web, repository does not exist or may require 'docker login'",
  };
  const error: unknown = await pullImages(inputFor(nothingAsked(), failing), Object.keys(failing), new Map()).catch(
    (each: unknown) => each,
  );
  expect(error).toMatchObject({ code: 'image-not-pulled' });
  expect(error).toMatchObject({
    message: [
      'Could not pull ghcr.io/a:1, nginx:nope, shop-web on gitops@docker.example.com:22: ghcr.io/a:1: ghcr.io does not accept the login of environment.yml:9 (registries[0]), or it may not read this image (unauthorized: authentication required)',
      'nginx:nope: docker.io has no such image or tag (manifest for nginx:nope not found: manifest unknown: manifest unknown)',
      "shop-web: docker.io wants a login, or has no such image (pull access denied for shop-web, repository does not exist or may require 'docker login')",
      '  → correct user name and password of environment.yml:9 (registries[0]), give the user the right to pull, and check the image name',
      '  → correct the image name or tag, or push it first',
      '  → images are not built on a host: build it elsewhere and push it, or bring it there (`docker save … | ssh … docker load`); nothing that runs was changed',
    ].join('\n'),
  });
});
