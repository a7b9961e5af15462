import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonical, digest, publicDigest } from './canonical.ts';

/** The same value with the keys of every object the other way round. */
function turned(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(turned);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toReversed()
      .map(([key, inner]) => [key, turned(inner)]),
  );
}

describe('canonical', () => {
  it('gives equal text for equal data, whatever the order of keys', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(canonical(turned(value))).toBe(canonical(value));
        expect(digest(turned(value))).toBe(digest(value));
      }),
    );
  });

  it('keeps what it was given', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(JSON.parse(canonical(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  it('keeps the order of lists, which means something', () => {
    expect(canonical([1, 2])).not.toBe(canonical([2, 1]));
  });
});

describe('publicDigest', () => {
  it.each([undefined, 'key'])('with the key %s is the same for equal data and tells others apart', (key) => {
    expect(publicDigest({ a: 1, b: 2 }, key)).toBe(publicDigest({ b: 2, a: 1 }, key));
    expect(publicDigest({ a: 1 }, key)).not.toBe(publicDigest({ a: 2 }, key));
    expect(publicDigest({ a: 1 }, key)).not.toBe(digest({ a: 1 }));
  });

  it('depends on the key', () => {
    expect(new Set([undefined, 'one', 'two'].map((key) => publicDigest('value', key))).size).toBe(3);
  });
});
