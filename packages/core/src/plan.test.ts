import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Change, ContainerState, Environment, Scope } from './model.ts';
import { effective, joinPlans, makePlan, type PlanInput } from './plan.ts';
import { change } from './testing/changes.ts';
import { desired, environment, imageId, network, service, target, volume } from './testing/desired-state.ts';
import { container, live, liveOf } from './testing/live-state.ts';

const shop = desired({
  services: [service(), service({ name: 'db' })],
  networks: [network(), network({ key: 'back' })],
  volumes: [volume(), volume({ key: 'logs' })],
});
const before = liveOf(shop, { damagedObjects: ['aa', 'bb'] });
const input: PlanInput = {
  scope: scope(),
  desiredDigest: 'desired',
  changes: [change({ name: 'web', action: 'recreate' }), change({ name: 'db', action: 'restart' })],
  live: before,
  hmacKey: 'key',
  warnings: [],
};

function hashOf(said: Partial<PlanInput> = {}): string {
  return makePlan({ ...input, ...said }).hash;
}

function withState(state: ContainerState): PlanInput['live'] {
  return { ...before, containers: before.containers.map((each, index) => (index === 0 ? { ...each, state } : each)) };
}

function scope(said: Partial<Environment> = {}): Scope {
  const there = environment(said);
  return { environment: there, target: target(), stacks: there.stacks };
}

describe.each([
  ['with the key of the host', 'key'],
  ['before the host has a key', undefined],
])('the hash of a plan, %s,', (_, hmacKey) => {
  it('is 32 hex digits', () => {
    expect(hashOf({ hmacKey })).toMatch(/^[0-9a-f]{32}$/);
  });

  it('is the same for the same plan', () => {
    expect(hashOf({ hmacKey })).toBe(hashOf({ hmacKey }));
  });

  it.each<[what: string, said: Partial<PlanInput>]>([
    ['the repository', { scope: scope({ repositoryName: 'other' }) }],
    ['the environment', { scope: scope({ name: 'staging' }) }],
    ['the stack', { scope: scope({ stacks: [{ name: 'other', folder: '', target: 'docker' }] }) }],
    [
      'the number of stacks',
      { scope: scope({ stacks: [...environment().stacks, { name: 'blog', folder: '', target: 'docker' }] }) },
    ],
    ['what is desired', { desiredDigest: 'other' }],
    [
      'what is done to a service',
      { changes: [change({ name: 'web', action: 'restart' }), change({ name: 'db', action: 'restart' })] },
    ],
    ['which service it is done to', { changes: [change({ name: 'web', action: 'recreate' })] }],
    [
      'the image that runs',
      { live: { ...before, containers: before.containers.map((each) => ({ ...each, imageId: imageId('other') })) } },
    ],
    [
      'the configuration that runs',
      { live: { ...before, containers: before.containers.map((each) => ({ ...each, configHash: 'other' })) } },
    ],
    ['whether it runs', { live: withState('exited') }],
    ['the number of containers', { live: { ...before, containers: before.containers.slice(1) } }],
    ['the networks', { live: { ...before, networks: [] } }],
    ['the volumes', { live: { ...before, volumes: [] } }],
    ['the damaged files', { live: { ...before, damagedObjects: ['aa'] } }],
  ])('changes with %s', (__, said) => {
    expect(hashOf({ hmacKey, ...said })).not.toBe(hashOf({ hmacKey }));
  });

  it.each<[what: string, said: Partial<PlanInput>]>([
    [
      'the words of causes and warnings',
      { changes: input.changes.map((each) => ({ ...each, cause: 'other' })), warnings: ['other'] },
    ],
    [
      'where changes come from, and what is told beside them',
      {
        changes: input.changes.map((each) => ({
          ...each,
          origin: 'both' as const,
          drift: 'it was stopped',
          warnings: ['its data moves'],
          remedy: 'undo it',
          fields: [{ field: 'command' }],
          digestAfter: 'sha256:b',
          isPulled: true,
          hostMounts: [{ source: '/mnt', target: '/mnt', readOnly: true, isNew: true }],
        })),
      },
    ],
    ['what does nothing', { changes: [...input.changes, change({ name: 'cache', action: 'none' })] }],
    ['the clock of the host', { live: { ...before, at: 1 } }],
    [
      'restarts and exit codes of what runs',
      {
        live: {
          ...before,
          containers: before.containers.map((each) => ({
            ...each,
            restartCount: 3,
            startedAt: 1,
            id: `${each.id} again`,
          })),
        },
      },
    ],
    ['what else runs on the host', { live: { ...before, unmanaged: [{ name: 'other', stack: '', ports: [] }] } }],
    [
      'the branch and the health spec',
      { scope: scope({ branch: 'main', health: { ...environment().health, deadlineMs: 1 } }) },
    ],
  ])('does not depend on %s', (__, said) => {
    expect(hashOf({ hmacKey, ...said })).toBe(hashOf({ hmacKey }));
  });
});

it('the hash of a plan changes with the key', () => {
  expect(new Set(['key', 'other', undefined].map((hmacKey) => hashOf({ hmacKey }))).size).toBe(3);
});

it('the hash of a plan does not depend on any order', () => {
  const shuffled = fc.record({
    changes: shuffle(input.changes),
    containers: shuffle([...before.containers, container(service({ name: 'cache' }))]),
    networks: shuffle(before.networks),
    volumes: shuffle(before.volumes),
    damagedObjects: shuffle(before.damagedObjects),
  });
  const first = hashOf({
    live: { ...before, containers: [...before.containers, container(service({ name: 'cache' }))] },
  });
  fc.assert(
    fc.property(shuffled, ({ changes, ...said }) => {
      expect(hashOf({ changes, live: live({ ...before, ...said }) })).toBe(first);
    }),
  );
});

describe('the plans of several targets, joined,', () => {
  const [a, b] = [makePlan(input), makePlan({ ...input, desiredDigest: 'other', warnings: ['old'] })];

  it('are the plan itself if there is only one', () => {
    expect(joinPlans([['docker', b]])).toBe(b);
  });

  it('name the target of every change and warning', () => {
    const { changes, warnings } = joinPlans([
      ['a', a],
      ['b', b],
    ]);
    expect(changes.map(({ target: on, subject }) => `${on}, ${subject}`)).toEqual([
      ...['a, a: web', 'a, a: db', 'b, b: web', 'b, b: db'],
    ]);
    expect(warnings).toEqual(['b: old']);
  });

  it('have a hash that changes with each of them, and with where they are carried out', () => {
    const hashes = [
      joinPlans([
        ['a', a],
        ['b', b],
      ]),
      joinPlans([
        ['a', b],
        ['b', a],
      ]),
      joinPlans([
        ['a', a],
        ['c', b],
      ]),
      joinPlans([
        ['a', a],
        ['b', a],
      ]),
      a,
      b,
    ].map(({ hash }) => hash);
    expect(new Set(hashes).size).toBe(hashes.length);
    for (const hash of hashes) expect(hash).toMatch(/^[0-9a-f]{32}$/);
  });
});

it('effective changes are those that do something', () => {
  const changes: readonly Change[] = [change({ action: 'none' }), change({ action: 'create' })];
  expect(effective(changes)).toEqual([changes[1]]);
});

function shuffle<T>(items: readonly T[]): fc.Arbitrary<T[]> {
  return fc.shuffledSubarray([...items], { minLength: items.length });
}
