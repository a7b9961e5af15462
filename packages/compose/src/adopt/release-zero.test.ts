import { describe, expect, it } from 'vitest';
import { readHandMade } from './hand-made.ts';
import { type ReleaseZero, releaseZero } from './release-zero.ts';
import { writableBinds } from './writable-binds.ts';

const IMAGE = 'sha256:11';
const HASH = 'a'.repeat(64);
const FILES = '/srv/shop/compose.yaml|/srv/shop|';

interface Said {
  readonly Labels?: object;
  readonly Config?: object;
  readonly HostConfig?: object;
  readonly State?: object;
  readonly [part: string]: unknown;
}

/** A container of the service `web` as `docker inspect` prints it. */
function inspected({ Labels = {}, Config = {}, HostConfig = {}, State = {}, ...more }: Said = {}) {
  const label = {
    project: 'shop',
    service: 'web',
    'container-number': '1',
    'config-hash': HASH,
    'project.config_files': '/srv/shop/compose.yaml',
    'project.working_dir': '/srv/shop',
    ...Labels,
  };
  const labels = Object.entries(label).map(([name, value]) => [`com.docker.compose.${name}`, value]);
  return {
    Id: 'c'.repeat(64),
    Name: '/shop-web-1',
    Image: IMAGE,
    State: { Status: 'running', ExitCode: 0, ...State },
    Config: { Image: 'web:1', Hostname: 'cccccccccccc', Labels: Object.fromEntries(labels), ...Config },
    HostConfig: {
      NetworkMode: 'shop_default',
      RestartPolicy: { Name: '' },
      LogConfig: { Type: 'json-file', Config: {} },
      ...HostConfig,
    },
    Mounts: [],
    NetworkSettings: { Networks: { shop_default: { Aliases: ['shop-web-1', 'web', 'cccccccccccc'] } } },
    ...more,
  };
}

const NETWORK = { Name: 'shop_default', Driver: 'bridge', Labels: {}, IPAM: { Driver: 'default', Config: [] } };

function handMade(containers: readonly object[], parts: Readonly<Record<string, string>> = {}) {
  const said = {
    docker: '0',
    engine: JSON.stringify({ Name: 'host', DefaultRuntime: 'runc', LoggingDriver: 'json-file', CgroupVersion: '2' }),
    containers: JSON.stringify(containers),
    networks: JSON.stringify([NETWORK]),
    images: JSON.stringify([{ Id: IMAGE, Config: {} }]),
    references: `"${IMAGE}" web:1`,
    ...parts,
  };
  return readHandMade(new Map(Object.entries(said)), 'gitops@docker.example.com:22');
}

function zeroOf(said: Said, parts?: Readonly<Record<string, string>>): ReleaseZero {
  return releaseZero(handMade([inspected(said)], parts));
}

/** The parts that say what the project's files are today. */
function files(service: object, hash = HASH, more: object = {}) {
  const rendered = { services: { web: service }, networks: { default: { name: 'shop_default' } }, ...more };
  return { 'set 1': FILES, 'refusal 1': '0', 'rendered 1': JSON.stringify(rendered), 'hashes 1': `web ${hash}` };
}

const web = { image: 'web:1', networks: { default: null } };

describe('a service whose files say what runs', () => {
  it('is taken from them as Compose rendered it', () => {
    const zero = zeroOf({}, files({ ...web, environment: { PRICE: '5$$' } }));
    expect(zero).toMatchObject({ exact: ['web'], reconstructed: [], warnings: [] });
    expect(zero.model.services['web']).toEqual({ ...web, environment: { PRICE: '5$$' } });
  });

  it('keeps how many containers there are, starts without its profile and waits for no service that is gone', () => {
    const second = inspected({ Id: 'd'.repeat(64), Name: '/shop-web-2', Labels: { 'container-number': '2' } });
    const service = { ...web, profiles: ['tools'], depends_on: { gone: { condition: 'service_started' } }, build: {} };
    const { model, exact } = releaseZero(handMade([inspected(), second], files(service)));
    expect(exact).toEqual(['web']);
    expect(model.services['web']).toEqual({ ...web, scale: 2 });
  });

  it('is reconstructed when one of its containers is of another definition', () => {
    const second = inspected({ Name: '/shop-web-2', Labels: { 'config-hash': 'b'.repeat(64) } });
    expect(releaseZero(handMade([inspected(), second], files(web))).exact).toEqual([]);
  });

  it('names the image by its id when the tag has moved, and is not exact then', () => {
    const zero = zeroOf({}, { ...files(web), references: '"sha256:22" web:1' });
    expect(zero.model.services['web']?.image).toBe(IMAGE);
    expect(zero).toMatchObject({ exact: [], reconstructed: ['web'], images: [{ reference: 'web:1', id: IMAGE }] });
    expect(zero.warnings).toEqual([expect.stringContaining('web: image: web:1 is no longer')]);
  });

  it('warns of a secret that only a variable knows', () => {
    const more = { secrets: { key: { environment: 'KEY' } } };
    const { exact, warnings, model } = zeroOf({}, files({ ...web, secrets: [{ source: 'key' }] }, HASH, more));
    expect([exact, warnings]).toEqual([
      ['web'],
      [expect.stringContaining('web: secrets: key is the value of a variable')],
    ]);
    expect(model.secrets).toEqual(more.secrets);
  });

  it('warns of a network that was joined by hand and of data in a volume without a name', () => {
    const volume = { Type: 'volume', Name: 'e'.repeat(64), Destination: '/data', RW: true };
    const Networks = { shop_default: {}, proxy: {} };
    const { warnings } = zeroOf({ Mounts: [volume], NetworkSettings: { Networks } }, files(web));
    expect(warnings).toEqual([
      expect.stringContaining('web: networks: proxy was joined by hand'),
      expect.stringContaining('web: volumes: the data at /data has no name'),
    ]);
  });
});

describe('a service whose files say something else', () => {
  const other = 'b'.repeat(64);

  it('is made from what Docker says', () => {
    const zero = zeroOf(
      { Config: { Image: 'web:1', Env: ['A=$b'], Labels: inspected().Config.Labels } },
      files(web, other),
    );
    expect(zero).toMatchObject({ exact: [], reconstructed: ['web'] });
    expect(zero.model.services['web']).toMatchObject({ ...web, environment: { A: '$$b' } });
  });

  it('warns of contents and hooks that Docker does not tell of', () => {
    const service = { ...web, configs: [{ source: 'ini' }], secrets: [{ source: 'key' }], post_start: [{}] };
    const more = { configs: { ini: { content: 'x' } }, secrets: { key: { environment: 'KEY' } } };
    expect(zeroOf({}, files(service, other, more)).warnings).toEqual([
      expect.stringContaining('web: configs: the content of ini'),
      expect.stringContaining('web: secrets: the content of key'),
      expect.stringContaining('web: post_start:'),
    ]);
  });
});

const PART_TABLE: readonly (readonly [string, Said, object])[] = [
  ['privileged', { HostConfig: { Privileged: true, MaskedPaths: null } }, { privileged: true }],
  [
    'graphics cards',
    { HostConfig: { DeviceRequests: [{ Driver: 'nvidia', Count: -1, Capabilities: [['gpu']] }] } },
    {
      deploy: { resources: { reservations: { devices: [{ driver: 'nvidia', count: 'all', capabilities: ['gpu'] }] } } },
    },
  ],
  ['a runtime of its own', { HostConfig: { Runtime: 'nvidia' } }, { runtime: 'nvidia' }],
  ['the user namespace', { HostConfig: { UsernsMode: 'host' } }, { userns_mode: 'host' }],
  ['the cgroup namespace', { HostConfig: { CgroupnsMode: 'host' } }, { cgroup: 'host' }],
  [
    'throttled disks',
    { HostConfig: { BlkioWeight: 300, BlkioDeviceReadBps: [{ Path: '/dev/sda', Rate: 1024 }] } },
    { blkio_config: { weight: 300, device_read_bps: [{ path: '/dev/sda', rate: '1024' }] } },
  ],
  ['swapping never', { HostConfig: { MemorySwappiness: 0 } }, { mem_swappiness: '0' }],
  [
    'shared propagation',
    { HostConfig: { Binds: ['/mnt:/mnt:ro,rslave'] } },
    {
      volumes: [
        {
          type: 'bind',
          source: '/mnt',
          target: '/mnt',
          read_only: true,
          bind: { create_host_path: true, propagation: 'rslave' },
        },
      ],
    },
  ],
];

describe('a reconstruction', () => {
  it.each(PART_TABLE)('holds %s', (_what, said, fields) => {
    expect(zeroOf({ ...said }).model.services['web']).toMatchObject(fields);
  });

  it('takes a volume without a name by the name Docker gave it, so that the data outlives the container', () => {
    const Mounts = [{ Type: 'volume', Name: 'e'.repeat(64), Destination: '/data', RW: true }];
    const images = JSON.stringify([{ Id: IMAGE, Config: { Volumes: { '/data': {} } } }]);
    const { model } = zeroOf({ Mounts }, { images });
    expect(model.services['web']?.volumes).toMatchObject([{ type: 'volume', target: '/data', source: 'e'.repeat(64) }]);
    expect(model.volumes).toEqual({ ['e'.repeat(64)]: { name: 'e'.repeat(64), external: true } });
  });

  it.each([
    ['security_opt', { HostConfig: { SecurityOpt: ['seccomp={"a":1}'] } }],
    ['ports', { HostConfig: { PortBindings: { '80/tcp': [{ HostIp: '', HostPort: '' }] } } }],
    ['network_mode', { HostConfig: { NetworkMode: `container:${'f'.repeat(64)}` } }],
    ['state', { State: { Status: 'exited', ExitCode: 137 } }],
    ['configs', {}],
    ['volumes', { HostConfig: { Mounts: [{ Type: 'cluster', Target: '/c' }] } }],
  ])('warns by %s of what may not come back', (field, said) => {
    expect(zeroOf(said).warnings.join('\n')).toMatch(new RegExp(`^web: (\\S+, )*${field}\\b`, 'm'));
  });

  it('warns when it can not tell how a network was asked for', () => {
    const labelled = {
      ...NETWORK,
      Labels: { 'com.docker.compose.config-hash': HASH, 'com.docker.compose.network': 'default' },
    };
    const { warnings } = zeroOf({}, { networks: JSON.stringify([labelled]) });
    expect(warnings.at(-1)).toContain('web: networks: Compose will make default anew');
  });

  it('takes networks and volumes of others as external', () => {
    const HostConfig = { NetworkMode: 'proxy', Binds: ['media:/media:rw'] };
    const Mounts = [{ Type: 'volume', Name: 'media', Destination: '/media', RW: true }];
    const { model } = zeroOf({ HostConfig, Mounts, NetworkSettings: { Networks: { proxy: {} } } });
    expect(model.networks).toEqual({ proxy: { name: 'proxy', external: true } });
    expect(model.volumes).toEqual({ media: { name: 'media', external: true } });
  });
});

it('data is where the writable binds lead', () => {
  const mount = (Source: string, Destination: string, RW: boolean) => ({ Type: 'bind', Source, Destination, RW });
  const Mounts = [
    mount('/srv/shop/data', '/data', true),
    mount('/mnt', '/mnt', true),
    mount('/srv/shop/conf', '/c', false),
  ];
  expect(writableBinds(handMade([inspected({ Mounts })]))).toEqual([
    { service: 'web', target: '/data', source: '/srv/shop/data', relative: 'data' },
    { service: 'web', target: '/mnt', source: '/mnt' },
  ]);
});

it('an answer that can not be read is an error that shows none of it', () => {
  expect(() => handMade([{ Id: 'secret' }])).toThrow(/read what Docker .* containers: 0\.Name/);
});
