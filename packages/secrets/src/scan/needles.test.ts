import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Needles } from './needles.ts';

const few = fc.array(fc.constantFrom(97, 98, 0, 255), { maxLength: 200 }).map((bytes) => Buffer.from(bytes));
const needle = fc
  .array(fc.constantFrom(97, 98, 0, 255), { minLength: 8, maxLength: 12 })
  .map((bytes) => Buffer.from(bytes));

test('every place of every needle is found, in order', () => {
  fc.assert(
    fc.property(
      few,
      fc.array(needle, { minLength: 1, maxLength: 5 }),
      fc.array(fc.nat(4), { maxLength: 5 }),
      (hay, all, planted) => {
        const haystack = Buffer.concat([hay, ...planted.map((index) => all[index % all.length] ?? hay), hay]);
        const needles = new Needles(all.map((bytes, meaning) => ({ bytes, meaning })));
        const found = [...needles.matches(haystack)];
        const expected = all.flatMap((bytes, meaning) =>
          placesOf(haystack, bytes).map((offset) => ({ offset, meaning })),
        );
        const order = (a: { offset: number; meaning: number }, b: typeof a) =>
          a.offset - b.offset || a.meaning - b.meaning;
        expect(found.toSorted(order)).toEqual(expected.toSorted(order));
        expect(found.map(({ offset }) => offset)).toEqual(found.map(({ offset }) => offset).toSorted((a, b) => a - b));
      },
    ),
    { numRuns: 2000 },
  );
});

test('without a needle nothing is found', () => {
  expect([...new Needles([]).matches(Buffer.from('anything at all'))]).toEqual([]);
  expect([...new Needles([{ bytes: Buffer.from('short'), meaning: 1 }]).matches(Buffer.from('short'))]).toEqual([]);
});

function placesOf(haystack: Buffer, bytes: Buffer): readonly number[] {
  const places: number[] = [];
  for (let at = haystack.indexOf(bytes); at !== -1; at = haystack.indexOf(bytes, at + 1)) places.push(at);
  return places;
}
