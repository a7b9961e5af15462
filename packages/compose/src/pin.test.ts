import { describe, expect, it } from 'vitest';
import { imageId } from '../../core/src/testing/desired-state.ts';
import { bindToContent } from './bind.ts';
import { describeDesired, pinImages } from './pin.ts';
import { parseRendered } from './rendered.ts';

const ids = new Map([
  ['shop/web', imageId('web')],
  ['shop/app', ''],
]);

/** Desired of a project as Compose renders it. */
function desiredOf(project: object, hashes: ReadonlyMap<string, string> = new Map()) {
  const bound = bindToContent(parseRendered(JSON.stringify(project)), {
    tree: '/tree',
    environmentFolder: '/state',
    stack: 'shop',
    folder: '',
    dataPaths: new Map(),
    owner: { name: 'infrastructure', environment: 'production' },
    upload: [],
  });
  const pinned = pinImages({ stack: 'shop', model: bound.model }, ids);
  return {
    pinned,
    desired: describeDesired([
      { stack: 'shop', bound, pinned, env: Buffer.alloc(0), ids, hashes, declaredServices: ['web', 'debug'] },
    ]),
  };
}

function serviceOf(service: object) {
  const [found] = desiredOf({ services: { web: { image: 'nginx:1.28', ...service } } }).desired.services;
  if (!found) throw new Error('the project has a service');
  return found;
}

describe('pinning', () => {
  it('puts the image id in place of the reference, and leaves nothing for Compose to pull', () => {
    const { pinned } = desiredOf({ services: { web: { image: 'nginx:1.28', pull_policy: 'always' } } });
    expect(pinned.services['web']).toMatchObject({ image: imageId('web') });
    expect(pinned.services['web']).not.toHaveProperty('pull_policy');
  });

  it('leaves no profiles, as Compose would add them to those by which a finished job is kept from running again', () => {
    const { pinned } = desiredOf({ services: { web: { image: 'nginx:1.28', profiles: ['full'] } } });
    expect(pinned.services['web']).not.toHaveProperty('profiles');
  });

  it('keeps the reference of an image that is not there yet, under the name that Compose gives to built ones', () => {
    expect(desiredOf({ services: { app: { build: '.' } } }).pinned.services['app']?.image).toBe('shop-app');
  });
});

describe('a desired service', () => {
  it('shows the reference and holds the id', () => {
    const { desired } = desiredOf({ services: { web: { image: 'nginx:1.28' } } }, new Map([['shop/web', 'hash']]));
    expect(desired.services).toEqual([
      expect.objectContaining({
        stack: 'shop',
        name: 'web',
        image: 'nginx:1.28',
        imageId: imageId('web'),
        configHash: 'hash',
        definition: expect.objectContaining({ image: 'nginx:1.28' }),
      }),
    ]);
  });

  it.each<[said: object, hasHealthcheck: boolean]>([
    [{}, false],
    [{ healthcheck: { test: ['CMD', 'true'] } }, true],
    [{ healthcheck: { interval: '5s' } }, true],
    [{ healthcheck: { disable: true } }, false],
    [{ healthcheck: { test: ['NONE'] } }, false],
  ])('with %j has a health check: %s', (said, hasHealthcheck) => {
    expect(serviceOf(said).hasHealthcheck).toBe(hasHealthcheck);
  });

  it.each<[said: object, replicas: number]>([
    [{}, 1],
    [{ scale: 3 }, 3],
    [{ deploy: { replicas: 2 } }, 2],
    [{ deploy: { replicas: 0 } }, 0],
    [{ deploy: {} }, 1],
  ])('with %j has %i replicas', (said, replicas) => {
    expect(serviceOf(said).replicas).toBe(replicas);
  });

  it.each([
    ['always', 'always'],
    ['never', 'never'],
    ['missing', 'missing'],
    ['build', 'missing'],
    ['weekly', 'missing'],
    [undefined, 'missing'],
  ])('with the pull policy %s is pulled %s', (policy, pullPolicy) => {
    expect(serviceOf(policy ? { pull_policy: policy } : {}).pullPolicy).toBe(pullPolicy);
  });

  it.each<[role: string, web: object, api: object]>([
    ['service', {}, {}],
    ['service', {}, { depends_on: { web: { condition: 'service_healthy' } } }],
    ['job', {}, { depends_on: { web: { condition: 'service_completed_successfully' } } }],
    [
      'optional',
      { 'x-gitops': { role: 'optional' } },
      { depends_on: { web: { condition: 'service_completed_successfully' } } },
    ],
    ['job', { 'x-gitops': { role: 'job' } }, {}],
    ['service', { 'x-gitops': {} }, {}],
  ])('has the role %s for %j and %j', (role, web, api) => {
    const services = { web: { image: 'a', ...web }, api: { image: 'b', ...api } };
    expect(desiredOf({ services }).desired.services.find(({ name }) => name === 'web')?.role).toBe(role);
  });
});

it('the desired state knows networks, volumes, host paths and services of inactive profiles', () => {
  const { desired } = desiredOf({
    services: { web: { image: 'a', volumes: [{ type: 'bind', source: '/mnt/media', target: '/m' }] } },
    networks: { default: { name: 'shop_default' }, lan: { name: 'lan', external: true }, bare: null },
    volumes: { data: { name: 'shop_data', driver: 'nfs', driver_opts: { o: 'addr=nas' } }, bare: null },
  });
  expect(desired).toMatchObject({
    stacks: ['shop'],
    inactiveServices: [{ stack: 'shop', name: 'debug' }],
    hostPaths: ['/mnt/media'],
    networks: [
      { stack: 'shop', key: 'default', name: 'shop_default', external: false },
      { stack: 'shop', key: 'lan', name: 'lan', external: true },
      { stack: 'shop', key: 'bare', name: 'shop_bare', external: false, definition: {} },
    ],
    volumes: [
      {
        stack: 'shop',
        key: 'data',
        name: 'shop_data',
        external: false,
        driver: 'nfs',
        driverOptions: { o: 'addr=nas' },
      },
      { stack: 'shop', key: 'bare', name: 'shop_bare', external: false, driver: 'local', driverOptions: {} },
    ],
  });
});

it.each([
  ['a scalar', 'nothing', /the document/],
  ['an image that is no text', 'services: {web: {image: [a]}}', /services\.web\.image/],
  ['a role that is not known', 'services: {web: {x-gitops: {role: cron}}}', /services\.web\.x-gitops\.role/],
  ['an unknown key of ours', 'services: {web: {x-gitops: {rol: job}}}', /services\.web\.x-gitops/],
])('a rendered project with %s is refused by its place', (_, text, place) => {
  expect(() => parseRendered(text)).toThrow(place);
});
