import type { Change, DesiredNetwork, LiveContainer, LiveNetwork } from '@gitops/core';
import { describe, expect, it } from 'vitest';
import { desired, network, service, volume } from '../../core/src/testing/desired-state.ts';
import { container, live } from '../../core/src/testing/live-state.ts';
import { composeRelease } from './compose-release.ts';
import { diffNetworks, diffVolumes } from './diff-resources.ts';

const today = composeRelease('2.40.3');
const front = network({ key: 'front', definition: { name: 'shop_front', internal: false } });
const internal = network({ key: 'front', definition: { name: 'shop_front', internal: true } });
const present: LiveNetwork = { stack: 'shop', name: 'shop_front', foreign: [] };
const shared: LiveNetwork = { stack: 'shop', name: 'shop_front', foreign: ['proxy', 'backup'] };

describe('a network', () => {
  it.each<
    [
      what: string,
      now: DesiredNetwork,
      before: DesiredNetwork | undefined,
      seen: LiveNetwork | undefined,
      change: Partial<Change>,
    ]
  >([
    ['that is new is created', front, undefined, undefined, { action: 'create', cause: 'new network' }],
    ['that is gone is created again', front, front, undefined, { action: 'create', cause: 'it is gone from the host' }],
    ['that is as recorded is left alone', front, front, shared, { action: 'none', risk: 'none' }],
    ['that was there before the first release is left alone', front, undefined, present, { action: 'none' }],
    [
      'that changed is recreated',
      internal,
      front,
      present,
      { action: 'recreate', risk: 'interrupts', cause: 'its configuration changed', fields: [{ field: 'internal' }] },
    ],
    [
      'that changed while containers of others are attached is blocked',
      internal,
      front,
      shared,
      {
        action: 'recreate',
        risk: 'blocked',
        cause: 'its configuration changed while containers of others are attached: proxy, backup',
        remedy: 'make the network shop_front external',
      },
    ],
  ])('%s', (_, now, before, seen, change) => {
    const recorded = before && desired({ networks: [before] });
    const changes = diffNetworks(desired({ networks: [now] }), recorded, live({ networks: seen ? [seen] : [] }), today);
    expect(changes).toEqual([
      expect.objectContaining({ address: 'compose:shop/network/front', name: 'shop_front', ...change }),
    ]);
  });

  it('that is recreated says whose services it stops meanwhile', () => {
    const [web, api] = [service({ name: 'web' }), service({ name: 'api' })];
    const containers = [
      container(web, { networks: ['shop_front', 'shop_default'] }),
      container(web, { networks: ['shop_front'] }),
      container(api, { networks: ['shop_front'] }),
      container(service({ name: 'db' }), { networks: ['shop_default'] }),
      container(service({ name: 'job' }), { networks: ['shop_front'], state: 'exited' }),
    ];
    const [now, was] = [desired({ networks: [internal] }), desired({ networks: [front] })];
    expect(diffNetworks(now, was, live({ networks: [present], containers }), today)).toEqual([
      expect.objectContaining({
        action: 'recreate',
        risk: 'interrupts',
        warnings: ['services on it are stopped for a moment: api, web'],
      }),
    ]);
  });

  it('that is external belongs to somebody else', () => {
    const now = desired({ networks: [network({ external: true })] });
    expect(diffNetworks(now, undefined, live(), today)).toEqual([]);
  });

  it('that changed is blocked where Compose would leave it as it is', () => {
    const [now, was] = [desired({ networks: [internal] }), desired({ networks: [front] })];
    const runs = live({ networks: [present] });
    expect(diffNetworks(now, was, runs, composeRelease('2.26.1-4'))).toEqual([
      expect.objectContaining({
        action: 'recreate',
        risk: 'blocked',
        cause: 'its configuration changed, and Compose 2.26.1-4 would not carry that out',
        remedy: 'upgrade Compose on the host to 2.37 or newer, or give the network another name',
      }),
    ]);
    expect(diffNetworks(was, was, runs, composeRelease('2.26.1-4'))).toEqual([
      expect.objectContaining({ action: 'none' }),
    ]);
  });

  it('of the project that nothing desires is removed, unless containers of others are attached', () => {
    const networks = [{ stack: 'shop', name: 'shop_old', foreign: [] }, shared];
    const was = desired({ networks: [network({ key: 'old' })] });
    expect(diffNetworks(desired(), was, live({ networks }), today)).toEqual([
      expect.objectContaining({ name: 'shop_old', action: 'delete', cause: 'no longer in the Compose file' }),
      expect.objectContaining({
        name: 'shop_front',
        action: 'none',
        cause: 'kept: containers of others are attached: proxy, backup',
      }),
    ]);
  });
});

it('a network of the project that no deployment made is not said to have left the Compose file', () => {
  const networks = [{ stack: 'shop', name: 'shop_own', foreign: [] }];
  expect(diffNetworks(desired(), desired(), live({ networks }), today)).toEqual([
    expect.objectContaining({ action: 'delete', cause: 'started by hand: the Compose file does not name it' }),
  ]);
});

describe('a network with a container of the project that no deployment touches', () => {
  const tool = service({ name: 'tool' });
  const now = desired({ networks: [front], inactiveServices: [{ stack: 'shop', name: 'tool' }] });
  const left: LiveNetwork = { stack: 'shop', name: 'shop_left', foreign: [] };
  const attached = (said: Partial<LiveContainer>) =>
    container(tool, { name: 'shop-tool-1', networks: ['shop_front', 'shop_left'], ...said });
  const changesOf = (said: Partial<LiveContainer>, before = now) =>
    diffNetworks(now, before, live({ containers: [attached(said)], networks: [present, left] }), today);

  it.each<[what: string, said: Partial<LiveContainer>]>([
    ['a service of a profile that somebody started', {}],
    ['such a service that has stopped, and could not start again without it', { state: 'exited' }],
    ['a run of one command', { oneOff: true, service: 'web' }],
  ])('is kept for %s', (_, said) => {
    expect(changesOf(said)).toEqual([
      expect.objectContaining({ name: 'shop_front', action: 'none', cause: 'as recorded' }),
      expect.objectContaining({
        name: 'shop_left',
        action: 'none',
        risk: 'none',
        cause: 'kept: containers that were started by hand are attached: shop-tool-1',
      }),
    ]);
  });

  it.each<[what: string, said: Partial<LiveContainer>]>([
    ['a run of one command that has ended', { oneOff: true, service: 'web', state: 'exited' }],
    ['a service that the files no longer name', { service: 'gone' }],
    ['a service that is attached elsewhere', { networks: ['shop_front'] }],
  ])('is removed in spite of %s', (_, said) => {
    expect(changesOf(said)[1]).toMatchObject({ name: 'shop_left', action: 'delete' });
  });

  it('is not made again while that runs, as Compose would fail on it', () => {
    const before = desired({ networks: [internal] });
    expect(changesOf({}, before)[0]).toMatchObject({
      action: 'recreate',
      risk: 'blocked',
      cause: 'its configuration changed while containers that were started by hand are attached: shop-tool-1',
      remedy: 'remove these containers first',
    });
    expect(changesOf({ state: 'exited' }, before)[0]).toMatchObject({ action: 'recreate', risk: 'interrupts' });
  });
});

describe('a network whose name moves from a stack that goes', () => {
  const now = desired({ stacks: ['store'], networks: [{ ...front, stack: 'store' }] });
  const was = desired({ networks: [front] });

  it('is removed there and made here', () => {
    expect(diffNetworks(now, was, live({ networks: [present] }), today)).toEqual([
      expect.objectContaining({
        address: 'compose:store/network/front',
        action: 'create',
        cause: 'it moves here from shop',
      }),
      expect.objectContaining({
        address: 'compose:shop/network/shop_front',
        action: 'delete',
        cause: 'its stack is no longer in environment.yml',
      }),
    ]);
  });

  it('is blocked while containers of others are attached', () => {
    expect(diffNetworks(now, was, live({ networks: [shared] }), today)).toEqual([
      expect.objectContaining({ action: 'create', risk: 'blocked', cause: expect.stringContaining('proxy, backup') }),
      expect.objectContaining({ action: 'none', cause: 'kept: containers of others are attached: proxy, backup' }),
    ]);
  });

  it('stays where it is as long as its stack does', () => {
    const both = { ...now, stacks: ['shop', 'store'] };
    expect(diffNetworks(both, was, live({ networks: [present] }), today)).toEqual([
      expect.objectContaining({ action: 'none' }),
    ]);
  });
});

describe('a volume', () => {
  const data = volume({ driverOptions: { type: 'nfs', o: 'addr=nas' } });
  const seen = { stack: 'shop', name: 'shop_data', driver: 'local', driverOptions: { o: 'addr=nas', type: 'nfs' } };

  it.each<[what: string, volumes: (typeof seen)[], change: Partial<Change>]>([
    ['that is new is created', [], { action: 'create', risk: 'none' }],
    ['that is as declared is left alone', [seen], { action: 'none', risk: 'none' }],
    ['with another driver is blocked', [{ ...seen, driver: 'rclone' }], { action: 'recreate', risk: 'blocked' }],
    [
      'with other options is blocked',
      [{ ...seen, driverOptions: { ...seen.driverOptions, o: 'addr=old' } }],
      { action: 'recreate', risk: 'blocked', cause: expect.stringContaining('loses its data') },
    ],
  ])('%s', (_, volumes, change) => {
    expect(diffVolumes(desired({ volumes: [data] }), undefined, live({ volumes }))).toEqual([
      expect.objectContaining({ address: 'compose:shop/volume/data', name: 'shop_data', fields: [], ...change }),
    ]);
  });

  it('that is gone although a deployment made it is created with a warning that its data is gone too', () => {
    const recorded = desired({ volumes: [data] });
    expect(diffVolumes(recorded, recorded, live())).toEqual([
      expect.objectContaining({
        action: 'create',
        cause: 'it is gone from the host',
        warnings: ['somebody removed it with what was in it; the new one is empty, so restore a backup'],
      }),
    ]);
  });

  it('that nothing desires is kept, always', () => {
    expect(diffVolumes(desired(), desired(), live({ volumes: [seen] }))).toEqual([
      expect.objectContaining({ name: 'shop_data', action: 'none', cause: 'kept: volumes are never deleted' }),
    ]);
  });

  it('that is external belongs to somebody else', () => {
    expect(diffVolumes(desired({ volumes: [volume({ external: true })] }), undefined, live())).toEqual([]);
  });
});
