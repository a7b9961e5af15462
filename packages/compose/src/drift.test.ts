import { type Change, type Desired, effective, type Live } from '@gitops/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { withOrigins } from '../../core/src/origins.ts';
import { desired, imageId, network, service, volume } from '../../core/src/testing/desired-state.ts';
import { container, liveOf } from '../../core/src/testing/live-state.ts';
import { diff } from './diff.ts';

/** What a deployment would do, with where that comes from. */
function planned(now: Desired, recorded: Desired, runs: Live): readonly Change[] {
  return effective(withOrigins(diff(now, recorded, runs), diff(recorded, recorded, runs)));
}

const anyDesired = fc
  .record({
    services: fc.uniqueArray(
      fc
        .record({
          name: fc.constantFrom('web', 'db', 'job'),
          version: fc.nat(2),
          replicas: fc.integer({ min: 0, max: 2 }),
        })
        .map(({ name, version, replicas }) => service({ name, image: `example/${name}:${version}`, replicas })),
      { selector: ({ name }) => name },
    ),
    networks: fc.uniqueArray(
      fc
        .record({ key: fc.constantFrom('a', 'b'), internal: fc.boolean() })
        .map(({ key, internal }) => network({ key, definition: { name: `shop_${key}`, internal } })),
      { selector: ({ key }) => key },
    ),
    volumes: fc.uniqueArray(
      fc
        .record({ key: fc.constantFrom('a', 'b'), o: fc.constantFrom('rw', 'ro') })
        .map(({ key, o }) => volume({ key, driverOptions: { o } })),
      { selector: ({ key }) => key },
    ),
  })
  .map((said) => desired(said));

/** What may be done to a host behind our back: to its containers and to all else. */
const tampering = fc.record({
  containers: fc.infiniteStream(fc.constantFrom('left', 'removed', 'stopped', 'replaced', 'another image')),
  stray: fc.boolean(),
  keepsNetworks: fc.boolean(),
  keepsVolumes: fc.boolean(),
});

const tampered = fc.tuple(anyDesired, tampering).map(([state, { containers: deeds, ...said }]) => {
  const before = liveOf(state);
  const containers = before.containers.flatMap((each) => {
    switch (deeds.next().value) {
      case 'removed':
        return [];
      case 'stopped':
        return [{ ...each, state: 'exited' as const }];
      case 'replaced':
        return [{ ...each, configHash: 'by hand' }];
      case 'another image':
        return [{ ...each, imageId: imageId('by hand') }];
      default:
        return [each];
    }
  });
  const runs: Live = {
    ...before,
    containers: [...containers, ...(said.stray ? [container(service({ name: 'stray' }))] : [])],
    networks: said.keepsNetworks ? before.networks : [],
    volumes: said.keepsVolumes ? before.volumes : [],
  };
  return { state, runs };
});

describe('what was different already', () => {
  it('is nothing on a host that nobody touched, whatever the commit changes', () => {
    fc.assert(
      fc.property(anyDesired, anyDesired, (now, recorded) => {
        const origins = new Set(planned(now, recorded, liveOf(recorded)).map(({ origin }) => origin));
        expect([...origins].filter((origin) => origin !== 'change')).toEqual([]);
      }),
    );
  });

  it('is all there is to do for a commit that changes nothing', () => {
    fc.assert(
      fc.property(tampered, ({ state, runs }) => {
        const changes = planned(state, state, runs);
        expect(changes.filter(({ origin }) => origin !== 'drift')).toEqual([]);
        expect(changes).toHaveLength(effective(diff(state, state, runs)).length);
      }),
    );
  });

  it('takes part only where somebody changed something, and the commit only where it does', () => {
    fc.assert(
      fc.property(anyDesired, tampered, (now, { state, runs }) => {
        const drifted = new Set(effective(diff(state, state, runs)).map(({ address }) => address));
        const pending = new Set(effective(diff(now, state, liveOf(state))).map(({ address }) => address));
        for (const { address, origin } of planned(now, state, runs)) {
          expect(origin === 'change').toBe(!drifted.has(address));
          if (origin === 'drift') expect(pending.has(address)).toBe(false);
        }
      }),
    );
  });

  it('and does so in the commit, too, says both', () => {
    const [was, now] = [desired(), desired({ services: [service({ image: 'example/web:2' })] })];
    const stopped = liveOf(was, { containers: [container(service(), { state: 'exited' })] });
    expect(planned(now, was, stopped)).toMatchObject([
      { origin: 'both', drift: 'its container is exited', cause: expect.stringContaining('changed') },
    ]);
  });
});
