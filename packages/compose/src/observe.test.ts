import { describe, expect, it } from 'vitest';
import { parseLive } from './observe.ts';

const LABEL = 'gitops@docker.example.com:22';

/** One container as `docker inspect` prints it. */
function inspected(said: { readonly State?: object; readonly Labels?: object; readonly [key: string]: unknown } = {}) {
  const { State = {}, Labels = {}, ...more } = said;
  return {
    Id: 'c1',
    Name: '/shop-web-1',
    Image: 'sha256:aa',
    RestartCount: 2,
    State: { Status: 'running', ExitCode: 0, OOMKilled: false, StartedAt: '2026-01-01T00:00:00.123456789Z', ...State },
    Config: {
      Labels: {
        'com.docker.compose.project': 'shop',
        'com.docker.compose.service': 'web',
        'com.docker.compose.config-hash': 'hash',
        'com.docker.compose.oneoff': 'False',
        'gitops.name': 'infrastructure',
        'gitops.environment': 'production',
        ...Labels,
      },
    },
    HostConfig: { RestartPolicy: { Name: 'always' } },
    NetworkSettings: { Networks: { shop_front: {}, shop_back: {} } },
    ...more,
  };
}

function liveOf(parts: Readonly<Record<string, unknown>>) {
  const said = { clock: '1767225600\n', docker: '0\n', ...parts };
  return parseLive(
    new Map(Object.entries(said).map(([name, part]) => [name, typeof part === 'string' ? part : JSON.stringify(part)])),
    LABEL,
  );
}

describe('what runs', () => {
  it('is read from what Docker prints', () => {
    const live = liveOf({
      containers: [inspected()],
      unmanaged: 'c8|blog|blog-web-1|0.0.0.0:80->80/tcp, [::]:80->80/tcp\nc9||watchtower|\n',
    });
    expect(live).toEqual({
      at: Date.UTC(2026, 0, 1),
      containers: [
        {
          id: 'c1',
          name: 'shop-web-1',
          stack: 'shop',
          service: 'web',
          configHash: 'hash',
          imageId: 'sha256:aa',
          state: 'running',
          exitCode: 0,
          oomKilled: false,
          restartCount: 2,
          restartPolicy: 'always',
          startedAt: Date.UTC(2026, 0, 1) + 123,
          networks: ['shop_back', 'shop_front'],
          limits: {},
          owner: { name: 'infrastructure', environment: 'production' },
          oneOff: false,
        },
      ],
      networks: [],
      volumes: [],
      damagedObjects: [],
      unmanaged: [
        { stack: 'blog', name: 'blog-web-1', ports: ['0.0.0.0:80->80/tcp', '[::]:80->80/tcp'] },
        { stack: '', name: 'watchtower', ports: [] },
      ],
    });
  });

  it('may be nothing', () => {
    expect(liveOf({})).toMatchObject({ containers: [], networks: [], volumes: [], unmanaged: [] });
  });

  it('of a container that was never started began at 0', () => {
    const [container] = liveOf({
      containers: [inspected({ State: { StartedAt: '0001-01-01T00:00:00Z' } })],
    }).containers;
    expect(container?.startedAt).toBe(0);
  });

  it.each([
    ['no labels of ours', { 'gitops.name': undefined, 'gitops.environment': undefined }],
    ['half of them', { 'gitops.environment': undefined }],
  ])('of a container with %s belongs to nobody', (_, Labels) => {
    expect(liveOf({ containers: [inspected({ Labels })] }).containers[0]).not.toHaveProperty('owner');
  });

  it('knows a container of `docker compose run`', () => {
    const Labels = { 'com.docker.compose.oneoff': 'True' };
    expect(liveOf({ containers: [inspected({ Labels })] }).containers[0]?.oneOff).toBe(true);
  });

  it.each<[what: string, Health: unknown, health: unknown]>([
    ['none', undefined, undefined],
    ['null', null, undefined],
    ['none by name', { Status: 'none' }, undefined],
    ['one without a result', { Status: 'starting', Log: null }, { status: 'starting', checkedAt: 0, output: '' }],
    [
      'the last of two results',
      {
        Status: 'unhealthy',
        Log: [
          { End: '2026-01-01T00:00:00Z', Output: 'old' },
          { End: '2026-01-01T01:00:01.5+01:00', Output: ' no database\n' },
        ],
      },
      { status: 'unhealthy', checkedAt: Date.UTC(2026, 0, 1) + 1500, output: 'no database' },
    ],
  ])('has a health check of %s', (_, Health, health) => {
    expect(liveOf({ containers: [inspected({ State: { Health } })] }).containers[0]?.health).toEqual(health);
  });

  it('cuts what a check says', () => {
    const Health = { Status: 'unhealthy', Log: [{ End: '', Output: 'x'.repeat(5000) }] };
    expect(liveOf({ containers: [inspected({ State: { Health } })] }).containers[0]?.health?.output).toHaveLength(1000);
  });

  const Labels = { 'com.docker.compose.project': 'shop' };

  it('tells containers of others on a network of ours from our own', () => {
    const networks = [
      { Name: 'shop_front', Labels, Containers: { c1: { Name: 'shop-web-1' }, c9: { Name: 'proxy' } } },
    ];
    expect(liveOf({ containers: [inspected()], networks }).networks).toEqual([
      { stack: 'shop', name: 'shop_front', foreign: ['proxy'] },
    ]);
    expect(
      liveOf({
        networks: [
          { Name: 'a', Labels: null, Containers: null },
          { Name: 'b', Labels },
        ],
      }).networks,
    ).toEqual([
      { stack: '', name: 'a', foreign: [] },
      { stack: 'shop', name: 'b', foreign: [] },
    ]);
  });

  it('knows volumes with their options', () => {
    const volumes = [
      { Name: 'shop_data', Labels, Driver: 'local', Options: null },
      { Name: 'shop_media', Labels, Driver: 'local', Options: { type: 'nfs' } },
    ];
    expect(liveOf({ volumes }).volumes).toEqual([
      { stack: 'shop', name: 'shop_data', driver: 'local', driverOptions: {} },
      { stack: 'shop', name: 'shop_media', driver: 'local', driverOptions: { type: 'nfs' } },
    ]);
  });
});

describe('a host that could not be read', () => {
  it.each<[said: string, code: string, remedy: RegExp]>([
    ['127\ngitops: 86: docker: not found', 'docker-missing', /install Docker Engine/],
    [
      '1\npermission denied while trying to connect to the Docker daemon socket at unix:///var/run/docker.sock',
      'docker-denied',
      /usermod -aG docker gitops/,
    ],
    [
      '1\nCannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?',
      'docker-down',
      /systemctl start docker/,
    ],
    ['1\ndial unix /var/run/docker.sock: connect: no such file or directory', 'docker-down', /systemctl start docker/],
    ['1', 'docker-down', /start the Docker daemon/],
  ])('and says %j is told as %s', (docker, code, remedy) => {
    expect(() => liveOf({ docker })).toThrow(expect.objectContaining({ code, remedy: expect.stringMatching(remedy) }));
  });

  it('in part is not taken for one on which less runs', () => {
    const error = 'Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?';
    expect(() => liveOf({ containers: [], error })).toThrow(expect.objectContaining({ code: 'docker-down' }));
  });

  it.each([
    'Error: No such container: c2',
    'Error response from daemon: No such container: c2',
    'Error response from daemon: network n1 not found',
    'Error response from daemon: get shop_data: no such volume',
    'WARNING: Error loading config file: /home/gitops/.docker/config.json: permission denied',
  ])('is none that says %j', (error) => {
    expect(liveOf({ containers: [inspected()], error }).containers).toHaveLength(1);
  });
});
