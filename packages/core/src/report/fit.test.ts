import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fit, listWithin, type Part } from './fit.ts';

const leftOut = (count: number) => `… and ${count} more`;

describe('parts that have to fit', () => {
  const parts: readonly Part[] = [
    { sizes: ['head'] },
    { sizes: ['b'.repeat(20), 'b', ''] },
    { sizes: ['c'.repeat(40), 'c'.repeat(30), 'c', ''] },
    { sizes: ['k'.repeat(50), 'k'], isKept: true },
  ];

  it.each([
    [200, ['head', 'b'.repeat(20), 'c'.repeat(40), 'k'.repeat(50)]],
    [118, ['head', 'b'.repeat(20), 'c'.repeat(30), 'k'.repeat(50)]],
    [100, ['head', 'b'.repeat(20), 'c', 'k'.repeat(50)]],
    [70, ['head', 'b', 'c', 'k'.repeat(50)]],
    [45, ['head', 'k', '… and 2 more']],
  ])('into %i characters lose the most of the longest, and what is kept last', (limit, texts) => {
    expect(fit(parts, limit, leftOut)).toBe(`${texts.join('\n\n')}\n`);
  });

  it('are never cut, and fit if their least sizes do', () => {
    const part = fc.record({
      sizes: fc
        .tuple(fc.nat(60), fc.array(fc.nat(60), { maxLength: 3 }))
        .map(([first, others]): Part['sizes'] => [
          'x'.repeat(first),
          ...others.map((length) => 'x'.repeat(length)),
          '',
        ]),
      isKept: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(part, { maxLength: 6 }), fc.integer({ min: 20, max: 200 }), (some, limit) => {
        const text = fit(some, limit, leftOut);
        expect(text.length).toBeLessThanOrEqual(limit);
        const sizes = new Set(some.flatMap((each) => each.sizes));
        for (const piece of text.split(/\n+/).filter((line) => line !== '')) {
          expect(sizes.has(piece) || piece.startsWith('… and ')).toBe(true);
        }
      }),
    );
  });
});

it('a list shows what there is room for, and counts the others', () => {
  expect(listWithin(['- a', '- a long one', '- b'], 8, leftOut)).toBe('- a\n- b\n… and 1 more');
  expect(listWithin(['- a', '- b'], 8, leftOut)).toBe('- a\n- b');
  expect(listWithin(['- a'], 0, leftOut)).toBe('… and 1 more');
});
