import { describe, expect, it } from 'vitest';
import { networkHash, volumeHash } from './compose-hash.ts';
import { networkDefinition, type RenderedNetwork } from './network-definition.ts';
import { volumeDefinition } from './volume-definition.ts';

/** Labels that Compose 2.40 gave to networks of these definitions. */
const OF_COMPOSE: readonly (readonly [string, RenderedNetwork])[] = [
  ['7a8dd0e9b27d505d3245aace7a935e11307ee761857497efcc773da08ba15f8c', { name: 'r0x_default' }],
  [
    '6fd6b011bc5d4513fbdff1467a17afdcb32dfb911b6b2bd81da5c33e4738e7b2',
    { name: 'r0x_front', ipam: { config: [{ subnet: '172.31.77.0/24' }] } },
  ],
];

function inspected(hash: string, more: object = {}) {
  const Config = [{ Subnet: '192.0.2.0/24', Gateway: '192.0.2.1', IPRange: '', AuxiliaryAddresses: {} }];
  return {
    Name: 'shop_default',
    Driver: 'bridge',
    EnableIPv4: true,
    EnableIPv6: false,
    Internal: false,
    Attachable: false,
    Options: {},
    Labels: { 'com.docker.compose.config-hash': hash },
    IPAM: { Driver: 'default', Config },
    ...more,
  };
}

it.each(OF_COMPOSE)('%s is the hash that Compose labels a network with', (hash, definition) => {
  expect(networkHash(definition)).toBe(hash);
});

describe('the definition of a network', () => {
  const ASKED: readonly RenderedNetwork[] = [
    { name: 'shop_default' },
    { name: 'shop_default', driver: 'bridge' },
    { name: 'shop_default', ipam: { driver: 'default', config: [{ subnet: '192.0.2.0/24' }] } },
    { name: 'shop_default', ipam: { config: [{ subnet: '192.0.2.0/24', gateway: '192.0.2.1' }] }, enable_ipv6: false },
  ];

  it.each(ASKED)('is found out by its hash: %j', (definition) => {
    expect(networkDefinition(inspected(networkHash(definition)), undefined)).toEqual({ definition, diverges: false });
  });

  it('is that of the files when the hash agrees, and not when they were edited', () => {
    const label = { name: 'shop_default', labels: { cost: '$$5' } };
    expect(networkDefinition(inspected(networkHash(label)), label).definition).toEqual(label);
    const first = { name: 'shop_default' };
    expect(networkDefinition(inspected(networkHash(first)), label)).toEqual({ definition: first, diverges: false });
  });

  it('keeps its addresses when nothing agrees, and says so', () => {
    const { definition, diverges } = networkDefinition(inspected('0'.repeat(64)), undefined);
    expect(definition).toMatchObject({ ipam: { config: [{ subnet: '192.0.2.0/24', gateway: '192.0.2.1' }] } });
    expect(diverges).toBe(true);
  });

  it('needs no agreement where Compose left no hash', () => {
    expect(networkDefinition(inspected('', { Labels: {} }), undefined).diverges).toBe(false);
  });
});

describe('the definition of a volume', () => {
  const hash = 'fec6cf8b2c37cae39bfb6da86b3ffed06219ce3995c9c71499b5889e35a9557f';
  const Labels = { 'com.docker.compose.config-hash': hash, 'com.docker.compose.volume': 'named', team: '$' };
  const volume = { Name: 'r0x_named', Driver: 'local', Options: {}, Labels };

  it('is that of the files as long as they have the hash of the label', () => {
    expect(volumeHash({ name: 'r0x_named' })).toBe(hash);
    expect(volumeDefinition(volume, { name: 'r0x_named' })).toEqual({ name: 'r0x_named' });
  });

  it('is what Docker says when they were edited', () => {
    const edited = { name: 'r0x_named', driver_opts: { type: 'nfs' } };
    expect(volumeDefinition(volume, edited)).toEqual({ name: 'r0x_named', labels: { team: '$$' } });
  });
});
