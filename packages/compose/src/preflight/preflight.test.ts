import { GitopsError, type RegistryLogin } from '@gitops/core';
import type { Connection, RemoteScript } from '@gitops/host';
import { PROGRAMS } from '@gitops/host';
import { describe, expect, test } from 'vitest';
import type { LintedStack } from '../lint/index.ts';
import { lines, stackOf } from '../lint/testing/linted.ts';
import { UNKNOWN_VALUE } from '../load/interpolation.ts';
import { type PreflightInput, preflight } from './preflight.ts';

const LABEL = 'gitops@docker.example.com:22';

/** What the program `preflight` says of a host on which everything is well. */
const WELL = {
  endpoint: 'unix:///var/run/docker.sock',
  docker: '0',
  state: 'writable',
  space: '90000000 90000000 /var/lib/docker',
  paths: '',
  listeners: '',
  holders: '',
  containers: '',
  networks: '',
  volumes: '',
  here: 'nginx:1',
  insecure: '127.0.0.0/8\nregistry.lan:5000',
};

type Said = Partial<typeof WELL>;

function partsOf(said: Readonly<Record<string, string>>): Buffer {
  return Buffer.from(
    Object.entries(said)
      .map(([name, text]) => `\n@@${name}\n${text}\n`)
      .join(''),
  );
}

/** A host that says this, and whose registries say that. */
function host(said: Said, registry = '', asked: RemoteScript[] = []): Connection {
  const answer = partsOf({ ...WELL, ...said });
  return {
    label: LABEL,
    run: async (script) => {
      asked.push(script);
      const isManifest = script.script === PROGRAMS.manifest;
      const stdout = isManifest ? partsOf({ code: registry === '' ? '0' : '1', said: registry }) : answer;
      return { code: 0, stdout, stderr: '' };
    },
    open: () => Promise.reject(new GitopsError('test', { attempted: 'open', seen: 'a test', remedy: 'none' })),
    close: () => {},
    [Symbol.asyncDispose]: async () => {},
  };
}

interface Asked {
  readonly said?: Said;
  readonly registry?: string;
  readonly asked?: RemoteScript[];
  readonly more?: Partial<PreflightInput>;
}

async function found(stacks: readonly LintedStack[], { said = {}, registry, asked, more }: Asked = {}) {
  const findings = await preflight({
    connection: host(said, registry, asked),
    stacks,
    stateDir: '/var/lib/gitops',
    place: { file: 'environments/production/environment.yml', line: 5, column: 11 },
    logins: [],
    mayAsk: () => true,
    signal: AbortSignal.timeout(600_000),
    ...more,
  });
  return lines(findings);
}

/** A service with more lines, the fourth of the file and on. */
const web = (...more: readonly string[]) =>
  stackOf(`services:\n  web:\n    image: nginx:1\n${more.map((line) => `    ${line}\n`).join('')}`);

test('a host that has all that is needed has no findings', async () => {
  expect(await found([await web('ports: ["80:80"]', 'volumes: ["/etc/hostname:/x"]')])).toEqual([]);
});

test('a host is asked once for each thing, and not for what nobody starts or nobody knows', async () => {
  const asked: RemoteScript[] = [];
  const stack = await stackOf(`services:
  web: &web
    image: nginx:1
    ports: ["80:80", "8000-8010:8000", "53:53/udp"]
    volumes: ["/mnt/media/../data/:/x", "./html:/y", "v:/z"]
  again: { <<: *web, ports: ["80:80"] }
  off: { image: off, profiles: [by-hand], ports: ["81:81"], volumes: ["/off:/x"] }
  none: { image: none, scale: 0 }
  secret: { image: "nginx:${UNKNOWN_VALUE}" }
volumes: { v: {} }
`);
  await found([stack], { asked });
  expect(asked.map(({ script, stdin }) => [script === PROGRAMS.preflight, stdin])).toEqual([
    [true, 'path /mnt/data\nport tcp 80\nport udp 53\nimage nginx:1\n'],
  ]);
});

describe('a path', () => {
  test('that is missing is a warning where it is mounted', async () => {
    const stack = await web('volumes:', '  - /mnt/media:/x');
    expect(await found([stack], { said: { paths: 'missing /mnt/media' } })).toEqual([
      expect.stringMatching(/^5:9 host\/path-missing there is no `\/mnt\/media` on gitops@docker\.example\.com:22 → /),
    ]);
  });

  test.each(['folder', 'file', 'other', 'hidden'])('that is %s is none', async (kind) => {
    expect(await found([await web('volumes: ["/mnt:/x"]')], { said: { paths: `${kind} /mnt` } })).toEqual([]);
  });
});

describe('a port', () => {
  const LISTENER = { listeners: 'tcp 00000000 80 7', holders: '7 - nginx' };

  test.each<[what: string, port: string, said: Said, holder: string | undefined]>([
    ['of every address', '80:80', LISTENER, 'the program nginx'],
    [
      'of a user that may not be seen',
      '80:80',
      { listeners: 'tcp 00000000 80 7' },
      'a program that this user may not see',
    ],
    ['of one address', '80:80', { ...LISTENER, listeners: 'tcp 0100007F 80 7' }, 'the program nginx at 127.0.0.1'],
    ['of another address', '192.0.2.1:80:80', { ...LISTENER, listeners: 'tcp 0100007F 80 7' }, undefined],
    ['of another protocol', '80:80/udp', LISTENER, undefined],
    ['of UDP', '53:53/udp', { listeners: 'udp 3500007F 53 7', holders: '7 - dns' }, 'the program dns at 127.0.0.53'],
    ['of IPv6', '80:80', { listeners: `tcp ${'0'.repeat(32)} 80 7`, holders: '7 - caddy' }, 'the program caddy'],
    [
      'of one IPv6 address',
      '80:80',
      { listeners: `tcp ${'0'.repeat(24)}01000000 80 7` },
      'a program that this user may not see at ::1',
    ],
    [
      'that a container publishes',
      '80:80',
      { ...LISTENER, containers: 'abc|other|proxy|0.0.0.0:80->80/tcp' },
      undefined,
    ],
    [
      'of a container in the network of the host',
      '80:80',
      { listeners: LISTENER.listeners, holders: '7 abc nginx', containers: 'abc|other|proxy|' },
      'the container proxy, in the network of the host',
    ],
    [
      'of an own container there',
      '80:80',
      { listeners: LISTENER.listeners, holders: '7 abc nginx', containers: 'abc|shop|shop-web-1|' },
      undefined,
    ],
  ])('%s', async (_, port, said, holder) => {
    const findings = await found([await web(`ports: ["${port}"]`)], { said });
    const number = port.split(':').at(-2);
    const expected = `4:13 host/port-in-use the port ${number}/${port.endsWith('udp') ? 'udp' : 'tcp'} of ${LABEL} is held by ${holder} → stop it, or publish another port`;
    expect(findings).toEqual(holder === undefined ? [] : [expected]);
  });

  test('of another machine says nothing', async () => {
    const stack = await web('ports: ["80:80"]', 'volumes: ["/mnt:/x"]');
    expect(
      await found([stack], { said: { ...LISTENER, paths: 'missing /mnt', endpoint: 'tcp://192.0.2.7:2376' } }),
    ).toEqual([expect.stringMatching(/^5:11 host\/remote-engine Docker on .* \(tcp:\/\/192\.0\.2\.7:2376\)/)]);
  });
});

describe('what is said to exist', () => {
  const EXTERNAL = `services: { web: { image: "nginx:1", networks: [proxy], volumes: ["data:/x"] } }
networks:
  proxy: { external: true, name: front }
volumes:
  data: { external: true }
`;

  test('does not', async () => {
    expect(await found([await stackOf(EXTERNAL)], { said: { networks: 'abc bridge' } })).toEqual([
      expect.stringContaining('3:3 host/external-missing there is no network `front` on'),
      expect.stringContaining('5:3 host/external-missing there is no volume `data` on'),
    ]);
  });

  test('does, or another stack makes it', async () => {
    const other = await stackOf(
      'services: { a: { image: "nginx:1", networks: [n] } }\nnetworks: { n: { name: front } }\n',
      {},
      'blog',
    );
    const said = { volumes: 'data', networks: '' };
    expect(await found([await stackOf(EXTERNAL)], { said: { ...said, networks: 'abc front' } })).toEqual([]);
    expect(await found([other, await stackOf(EXTERNAL)], { said })).toEqual([]);
  });

  test('is not known where Docker does not answer', async () => {
    expect(await found([await stackOf(EXTERNAL)], { said: { docker: '1\nCannot connect', here: '' } })).toEqual([]);
  });
});

describe('an image', () => {
  const GONE = { said: { here: '' } };

  test('that is missing is looked for in its registry', async () => {
    const asked: RemoteScript[] = [];
    const stack = await stackOf('services: { a: { image: "ghcr.io/x/y:1" }, b: { image: "ghcr.io/x/y:1" } }\n');
    const logins: readonly RegistryLogin[] = [
      { host: 'ghcr.io', username: 'robot', password: 'told to nobody', source: 'environment.yml:9' },
    ];
    expect(await found([stack], { ...GONE, asked, more: { logins } })).toEqual([]);
    expect(asked.slice(1).map(({ args }) => args)).toEqual([['20', 'ghcr.io/x/y:1']]);
    expect(asked[1]?.stdin).toContain('"ghcr.io"');
    expect(JSON.stringify(asked.map(({ script, args, what }) => [script, args, what]))).not.toContain('told to nobody');
  });

  test.each([
    ['registry.lan:5000/x', ['--insecure']],
    ['127.0.0.1:5000/x', ['--insecure']],
    ['localhost:5000/x', ['--insecure']],
    ['registry.lan/x', []],
    ['nginx:2', []],
  ])('%s is asked for without encryption where Docker does so', async (image, words) => {
    const asked: RemoteScript[] = [];
    await found([await stackOf(`services: { a: { image: "${image}" } }\n`)], { ...GONE, asked });
    expect(asked[1]?.args?.slice(2)).toEqual(words);
  });

  test.each([
    [
      'no such manifest: docker.io/library/nginx:1',
      'host/image-missing',
      'if it is private, add a login for `docker.io`',
    ],
    ['unauthorized: authentication required', 'host/image-missing', 'add a login for `docker.io`'],
    ['dial tcp 192.0.2.1:443: connect: connection refused', 'host/registry-silent', 'make it reachable'],
    ['toomanyrequests: slow down', 'host/registry-silent', 'wait'],
  ])('%s', async (registry, rule, remedy) => {
    const [finding = ''] = await found([await web()], { ...GONE, registry });
    expect(finding.startsWith(`3:12 ${rule} `)).toBe(true);
    expect(finding).toContain(registry);
    expect(finding.split(' → ')[1]).toContain(remedy);
  });

  test('that may be built by hand is nobody to be asked for', async () => {
    const asked: RemoteScript[] = [];
    expect(await found([await web('pull_policy: build')], { ...GONE, asked })).toEqual([]);
    expect(asked).toHaveLength(1);
  });

  test('of a registry that must not be asked is left alone', async () => {
    const asked: RemoteScript[] = [];
    await found([await web()], { ...GONE, asked, more: { mayAsk: (registry) => registry !== 'docker.io' } });
    expect(asked).toHaveLength(1);
  });

  test.each(['image: "nginx:1", pull_policy: never', `image: "sha256:${'0'.repeat(64)}"`, 'build: .'])(
    '{ %s } that is not there is an error, and no registry is asked',
    async (service) => {
      const asked: RemoteScript[] = [];
      const findings = await found([await stackOf(`services: { a: { ${service} } }\n`)], { ...GONE, asked });
      expect(findings).toEqual([expect.stringContaining(' host/image-not-loaded `')]);
      expect(asked).toHaveLength(1);
    },
  );
});

test('a host without room, or without a place for state, is told where it is named', async () => {
  const findings = await found([await web()], { said: { space: '1000 2000000 /var/lib/docker', state: 'unwritable' } });
  expect(findings.map((line) => line.slice(0, 60))).toEqual([
    '5:11 host/state-unwritable gitops can neither write to /var/',
    '5:11 host/disk only 0 MiB are free for the state folder on g',
    "5:11 host/disk only 1.9 GiB are free for Docker's data (/var",
  ]);
});
