import { execFileSync } from 'node:child_process';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { GitopsError } from '@gitops/core';
import type { Connection, RemoteScript } from '@gitops/host';
import { describe, expect, it } from 'vitest';
import { environment, target } from '../../core/src/testing/desired-state.ts';
import { declared } from '../../core/src/testing/memory-provider.ts';
import { stage } from './prepare.ts';

const TREE = '/state/staging/7/tree';

/** What the program `stage` prints on a host where everything is well. */
const WELL = {
  staging: TREE,
  engine: '28.0.0\n0',
  compose: 'v2.40.3\n0',
  'code shop': '0',
  'error shop': '',
  'rendered shop': 'services: {web: {image: nginx}}',
  images: '',
};

/** A connection on which the program `stage` prints these parts. */
function host(said: Partial<typeof WELL>, asked: RemoteScript[] = []): Connection {
  const text = Object.entries({ ...WELL, ...said }).map(([name, part]) => `\n@@${name}\n${part}\n`);
  const result = { code: 0, stdout: Buffer.from(text.join('')), stderr: '' };
  return {
    label: 'gitops@docker.example.com:22',
    run: async (script) => {
      asked.push(script);
      return result;
    },
    open: () => Promise.reject(new GitopsError('test', { attempted: 'open', seen: 'a test', remedy: 'none' })),
    close: () => {},
    [Symbol.asyncDispose]: async () => {},
  };
}

const upload = [
  { path: 'compose.yaml', executable: false, content: Buffer.from('services: {}') },
  { path: 'stack/.env', executable: false, content: Buffer.from("PLAIN='not a telling name'\nTAG=1.28\n") },
  { path: 'stack/key.pem', executable: false, content: Buffer.from('line one\nline two\n') },
];

const stack = {
  name: 'shop',
  folder: 'stack',
  envFile: 'stack/.env',
  composeFiles: ['compose.yaml'],
  services: ['web'],
  positionOf: () => undefined,
};

function staged(said: Partial<typeof WELL>, more: { asked?: RemoteScript[]; fence?: number } = {}) {
  const lease =
    more.fence === undefined ? undefined : { fence: more.fence, release: async () => {}, keep: async () => {} };
  return stage({
    connection: host(said, more.asked),
    scope: { environment: environment(), target: target(), stacks: environment().stacks },
    declared: declared({ stacks: [stack], upload }),
    folder: '/state',
    lease,
    recorded: undefined,
  });
}

describe('staging', () => {
  it('leaves files on the host only under a lease', async () => {
    const asked: RemoteScript[] = [];
    await staged({}, { asked });
    await staged({}, { asked, fence: 7 });
    expect(asked.map(({ args = [] }) => args)).toEqual([
      ['', '1'],
      ['/state/staging/7', '1'],
    ]);
  });

  it('hands the files of the commit on, and says which of them make the stack', async () => {
    const asked: RemoteScript[] = [];
    await staged({}, { asked });
    const tar = await buffer(Readable.from(asked[0]?.stdin ?? []));
    const unpacked = (...args: string[]) => execFileSync('tar', args, { input: tar }).toString();
    expect(unpacked('-tf', '-').trim().split('\n')).toEqual(['stacks', ...upload.map(({ path }) => `tree/${path}`)]);
    expect(unpacked('-xOf', '-', 'stacks')).toBe("stack 'shop' 'stack' 'stack/.env' 'compose.yaml'\n");
  });

  it('knows the values of Compose secrets, from files and from variables with harmless names', async () => {
    const secrets = `{a: {name: a, environment: PLAIN}, b: {name: b, file: ${TREE}/stack/key.pem}, c: {name: c, environment: UNSET}}`;
    const { secrets: values } = await staged({
      'rendered shop': `services: {web: {image: nginx}}\nsecrets: ${secrets}`,
    });
    expect(values).toEqual(['line one\nline two\n', 'not a telling name']);
  });

  it('has the same digest wherever it was staged, and another one for other content', async () => {
    const at = (tree: string, image = 'nginx') =>
      staged({
        staging: tree,
        'rendered shop': `services: {web: {image: ${image}, volumes: [{type: bind, source: ${tree}/stack, target: /x}]}}`,
      });
    expect((await at('/a/tree')).digest).toBe((await at('/b/tree')).digest);
    expect((await at('/a/tree')).digest).not.toBe((await at('/a/tree', 'caddy')).digest);
  });

  it('hands on what Compose warns of', async () => {
    const warning = 'time="2026-01-01T00:00:00Z" level=warning msg="the attribute `version` is obsolete"';
    expect((await staged({ 'error shop': warning })).warnings).toEqual([
      expect.stringContaining('`version` is obsolete'),
    ]);
  });

  it.each<[what: string, said: Partial<typeof WELL>, code: string, message: RegExp]>([
    ['an old Compose', { compose: '2.23.3\n0' }, 'compose-too-old', /version 2\.23\.3\n.*2\.24 or newer/],
    ['an ancient Compose', { compose: 'v1.29.2\n0' }, 'compose-too-old', /version v1\.29\.2/],
    [
      'no Compose',
      { compose: "docker: 'compose' is not a docker command.\n1" },
      'compose-missing',
      /not a docker command/,
    ],
    ['no Docker', { engine: 'sh: 1: docker: not found\n127' }, 'docker-missing', /install Docker Engine/],
    [
      'variables that are not set',
      { 'error shop': 'level=warning msg="The \\"DB\\" variable is not set. Defaulting to a blank string."' },
      'variable-unset',
      /variables are not set: DB/,
    ],
  ])('is refused with %s', async (_, said, code, message) => {
    const refusal = await staged(said).catch((error: unknown) => error);
    expect(refusal).toMatchObject({ code, message: expect.stringMatching(message) });
  });

  it.each(['2.24.0', 'v2.24.7', '2.40.3-desktop.1', '3.0.0', '5.1.0'])('takes Compose %s', async (version) => {
    expect((await staged({ compose: `${version}\n0` })).composeVersion).toBe(version);
  });
});
