import type { LiveContainer } from '@gitops/core';
import { describe, expect, it } from 'vitest';
import { network, service } from '../../core/src/testing/desired-state.ts';
import { container } from '../../core/src/testing/live-state.ts';
import { changedByHand } from './by-hand.ts';

const networks = [
  network(),
  network({ key: 'proxy', name: 'web-proxy', external: true }),
  network({ stack: 'blog', key: 'default', name: 'blog_default' }),
];
const MiB = 1024 * 1024;

function causeOf(
  definition: Record<string, unknown>,
  said: Partial<LiveContainer>,
  role: 'service' | 'job' = 'service',
) {
  const of = service({ definition, role });
  return changedByHand(of, container(of, said), networks);
}

describe('a container', () => {
  const both = { networks: { default: null, proxy: { aliases: ['web'] } } };

  it.each([
    ['is in all of its networks', both, ['shop_default', 'web-proxy'], undefined],
    ['was disconnected', both, ['shop_default'], 'it was disconnected from the network web-proxy'],
    [
      'was connected',
      { networks: { default: null } },
      ['blog_default', 'shop_default'],
      'it was connected to the network blog_default',
    ],
    ["shares the host's network", { network_mode: 'host' }, ['host'], undefined],
    ["shares another one's network", { network_mode: 'service:vpn' }, [], undefined],
  ])('that %s', (_, definition, names, cause) => {
    expect(causeOf(definition, { networks: names })).toBe(cause);
  });

  it.each([
    [
      'has what it is to have',
      { mem_limit: '67108864', cpus: 0.5, pids_limit: 50 },
      { memory: 64 * MiB, CPUs: 0.5, processes: 50 },
      undefined,
    ],
    [
      'has what `deploy` says',
      { deploy: { resources: { limits: { memory: '67108864', cpus: 0.5, pids: 50 } } } },
      { memory: 64 * MiB, CPUs: 0.5, processes: 50 },
      undefined,
    ],
    ['has what Compose makes of 0.15', { cpus: 0.15 }, { CPUs: 0.15 }, undefined],
    ['is on an Engine that can set none', { mem_limit: '67108864', cpus: '0.5' }, {}, undefined],
    [
      'got more memory',
      { mem_limit: '67108864' },
      { memory: 128 * MiB },
      'its limit of memory was changed to 134217728',
    ],
    ['got a limit', {}, { CPUs: 1.5 }, 'its limit of CPUs was changed to 1.5'],
    ['was moved to other CPUs', { cpuset: '0' }, { 'CPU set': '0-1' }, 'its limit of CPU set was changed to 0-1'],
    [
      'keeps what is reserved',
      { deploy: { resources: { reservations: { memory: '1048576' } } } },
      { 'reserved memory': MiB },
      undefined,
    ],
    ['has other shares', { cpu_shares: 512 }, { 'CPU shares': 256 }, 'its limit of CPU shares was changed to 256'],
  ])('that %s', (_, definition, limits, cause) => {
    expect(causeOf(definition, { limits })).toBe(cause);
  });

  it.each([
    [{}, '', undefined],
    [{ restart: 'on-failure:3' }, 'on-failure', undefined],
    [{ deploy: { restart_policy: { condition: 'any' } } }, 'always', undefined],
    [{ restart: 'unless-stopped', deploy: { restart_policy: { condition: 'none' } } }, 'unless-stopped', undefined],
    [{ restart: 'always' }, 'no', 'its restart policy was changed to no'],
  ])('with %j and the policy %j', (definition, restartPolicy, cause) => {
    expect(causeOf(definition, { restartPolicy })).toBe(cause);
  });

  it('of a job that is done is left alone', () => {
    expect(causeOf({}, { limits: { memory: MiB } }, 'job')).toBeUndefined();
  });
});
