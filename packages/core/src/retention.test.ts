import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cutsFor, type StoredRelease, type StoredReleases } from './retention.ts';

const NOW = new Date('2026-06-30T12:00:00Z');
const DAY_MS = 24 * 3_600_000;
const RETENTION = { days: 30, releases: 5 };

function stored(number: number, ageDays: number, said: Partial<StoredRelease> = {}): StoredRelease {
  return {
    name: `${number}-abcdef0`,
    madeAt: NOW.getTime() - ageDays * DAY_MS,
    hasSecrets: true,
    isMounted: false,
    ...said,
  };
}

function cuts(releases: readonly StoredRelease[], current = releases.at(-1)?.name ?? '', retention = RETENTION) {
  const { remove, strip } = cutsFor({ current, releases }, retention, NOW);
  const numbers = (names: readonly string[]) => names.map((name) => Number.parseInt(name, 10));
  return { remove: numbers(remove), strip: numbers(strip) };
}

const range = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

describe('releases', () => {
  it('older than the days and beyond the number go', () => {
    expect(cuts(range(8).map((number) => stored(number, 40)))).toEqual({ remove: [3, 2, 1], strip: [] });
  });

  it('within the days stay, and only the newest keep their secrets', () => {
    expect(cuts(range(8).map((number) => stored(number, 29)))).toEqual({ remove: [], strip: [3, 2, 1] });
  });

  it('that are stripped already are left alone', () => {
    expect(cuts(range(6).map((number) => stored(number, 1, { hasSecrets: false })))).toEqual({ remove: [], strip: [] });
  });

  it('that were never confirmed go, and do not count', () => {
    const { madeAt: _, ...draft } = stored(2, 1);
    const others = range(6).map((number) => stored(number + 2, 40));
    expect(cuts([stored(1, 40), draft, ...others])).toEqual({ remove: [3, 2, 1], strip: [] });
  });

  it('whose date nobody can read stay', () => {
    const unreadable = stored(1, 0, { madeAt: Number.NaN, hasSecrets: false });
    expect(cuts([unreadable, ...range(6).map((number) => stored(number + 1, 40))]).remove).toEqual([2]);
  });
});

/** Any record of a host, the current release at any place in it. */
const anyRecord = fc
  .record({
    releases: fc.uniqueArray(
      fc.record(
        {
          name: fc.integer({ min: 1, max: 60 }).map((number) => `${number}-abcdef0`),
          madeAt: fc.oneof(
            fc.integer({ min: -400, max: 10 }).map((days) => NOW.getTime() + days * DAY_MS),
            fc.constant(Number.NaN),
          ),
          hasSecrets: fc.boolean(),
          isMounted: fc.boolean(),
        },
        { requiredKeys: ['name', 'hasSecrets', 'isMounted'] },
      ),
      { minLength: 1, maxLength: 40, selector: ({ name }) => name },
    ),
    place: fc.nat(),
    days: fc.integer({ min: 1, max: 90 }),
    count: fc.integer({ min: 1, max: 12 }),
  })
  .map(({ releases, place, days, count }) => {
    const current = releases[place % releases.length]?.name ?? '';
    const record: StoredReleases = { current, releases };
    return { record, retention: { days, releases: count }, cut: cutsFor(record, { days, releases: count }, NOW) };
  });

describe('whatever a host holds', () => {
  const check = (
    law: Parameters<typeof fc.property<[typeof anyRecord extends fc.Arbitrary<infer T> ? T : never]>>[1],
  ) => fc.assert(fc.property(anyRecord, law), { numRuns: 500 });

  it('the current release stays whole', () => {
    check(({ record, cut }) => {
      expect([...cut.remove, ...cut.strip]).not.toContain(record.current);
    });
  });

  it('nothing that a container mounts is touched', () => {
    check(({ record, cut }) => {
      const mounted = record.releases.filter(({ isMounted }) => isMounted).map(({ name }) => name);
      for (const name of [...cut.remove, ...cut.strip]) expect(mounted).not.toContain(name);
    });
  });

  it('so many confirmed releases stay as there have to', () => {
    check(({ record: { releases, current }, retention, cut }) => {
      const isConfirmed = (each: StoredRelease) => each.madeAt !== undefined || each.name === current;
      const confirmed = releases.filter(isConfirmed);
      const left = confirmed.filter(({ name }) => !cut.remove.includes(name));
      expect(left.length).toBeGreaterThanOrEqual(Math.min(retention.releases, confirmed.length));
    });
  });

  it('what goes is older than the days, and older than everything that stays for its number', () => {
    check(({ record: { releases }, retention, cut }) => {
      const gone = releases.filter(({ name, madeAt }) => cut.remove.includes(name) && madeAt !== undefined);
      for (const { madeAt = 0 } of gone) expect(NOW.getTime() - madeAt).toBeGreaterThan(retention.days * DAY_MS);
    });
  });

  it('nothing is both removed and stripped, and doing it once more changes nothing', () => {
    check(({ record, retention, cut }) => {
      for (const name of cut.strip) expect(cut.remove).not.toContain(name);
      const left = record.releases
        .filter(({ name }) => !cut.remove.includes(name))
        .map((each) => (cut.strip.includes(each.name) ? { ...each, hasSecrets: false } : each));
      expect(cutsFor({ ...record, releases: left }, retention, NOW)).toEqual({ remove: [], strip: [] });
    });
  });
});
