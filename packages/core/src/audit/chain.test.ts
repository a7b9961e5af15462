import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkChain, NO_HEAD } from './chain.ts';

/** Lines as the host chains them. */
function chained(bodies: readonly string[], after: readonly string[] = []): readonly string[] {
  const lines = [...after];
  for (const body of bodies) {
    const before = lines.at(-1);
    const prev = before === undefined ? NO_HEAD : sha256(before);
    lines.push(`{"n":${lines.length + 1},"prev":"${prev}","at":"2026-01-01T00:00:00Z","kind":${JSON.stringify(body)}}`);
  }
  return lines;
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function fileOf(lines: readonly string[]): Buffer {
  return Buffer.from(lines.map((line) => `${line}\n`).join(''));
}

function headOf(lines: readonly string[]): string {
  return checkChain(fileOf(lines)).head;
}

const trail = fc
  .array(fc.string({ unit: 'grapheme', maxLength: 12 }), { minLength: 1, maxLength: 12 })
  .map((bodies) => chained(bodies));
const place = fc.nat();
/** Any line, a record that fits nowhere, or the copy of one that is there. */
const foreign = fc.oneof(
  fc.string().map((text) => text.replaceAll('\n', '')),
  fc
    .record({ n: fc.integer({ min: 0, max: 20 }), prev: fc.constantFrom(NO_HEAD, 'f'.repeat(64)) })
    .map(({ n, prev }) => `{"n":${n},"prev":"${prev}","kind":"x"}`),
);

describe('an audit trail', () => {
  it('is intact as it was written, and after records were added, with every head it ever had', () => {
    fc.assert(
      fc.property(trail, fc.array(fc.string(), { maxLength: 5 }), (lines, more) => {
        const longer = chained(more, lines);
        const intact = { records: longer.length, head: sha256(longer.at(-1) ?? '') };
        expect(checkChain(fileOf(longer))).toEqual(intact);
        for (const line of lines) expect(checkChain(fileOf(longer), sha256(line))).toEqual(intact);
      }),
    );
  });

  it('is intact when nothing was ever recorded', () => {
    expect(checkChain(Buffer.alloc(0))).toEqual({ records: 0, head: NO_HEAD });
    expect(checkChain(Buffer.alloc(0), NO_HEAD).fault).toBeUndefined();
    expect(checkChain(Buffer.alloc(0), sha256('a')).fault?.kind).toBe('cut-off');
  });

  it('with any line changed is found out by its head; but for the last line, without it too', () => {
    fc.assert(
      fc.property(trail, place, foreign, (lines, at, text) => {
        const index = at % lines.length;
        fc.pre(lines[index] !== text);
        const changed = fileOf(lines.with(index, text));
        expect(checkChain(changed, headOf(lines)).fault).toBeDefined();
        if (index < lines.length - 1) expect(checkChain(changed).fault).toBeDefined();
      }),
    );
  });

  it('with any byte changed is found out by its head', () => {
    fc.assert(
      fc.property(trail, place, fc.integer({ min: 1, max: 255 }), (lines, at, difference) => {
        const bytes = fileOf(lines);
        const index = at % bytes.length;
        bytes[index] = (bytes[index] ?? 0) ^ difference;
        expect(checkChain(bytes, headOf(lines)).fault).toBeDefined();
      }),
    );
  });

  it('with any line removed is found out by its head; but for the last line, without it too', () => {
    fc.assert(
      fc.property(trail, place, (lines, at) => {
        const index = at % lines.length;
        const rest = fileOf(lines.toSpliced(index, 1));
        expect(checkChain(rest, headOf(lines)).fault).toBeDefined();
        if (index < lines.length - 1)
          expect(checkChain(rest).fault).toMatchObject({ kind: 'removed', line: index + 1 });
        else expect(checkChain(rest, headOf(lines)).fault).toMatchObject({ kind: 'cut-off', line: lines.length });
      }),
    );
  });

  it('with a line put between others is found out, even if it goes on from the one before', () => {
    fc.assert(
      fc.property(trail, place, foreign, fc.boolean(), (lines, at, text, isForged) => {
        const index = at % lines.length;
        const inserted = isForged ? (chained([text], lines.slice(0, index)).at(-1) ?? '') : text;
        fc.pre(inserted !== lines[index]);
        const { fault } = checkChain(fileOf(lines.toSpliced(index, 0, inserted)));
        expect(fault).toMatchObject({ kind: 'inserted', line: index + 1 });
      }),
    );
  });

  it('with the copy of one of its lines put in anywhere is found out', () => {
    fc.assert(
      fc.property(trail, place, place, (lines, from, to) => {
        const copy = lines[from % lines.length] ?? '';
        expect(checkChain(fileOf(lines.toSpliced(to % (lines.length + 1), 0, copy))).fault).toBeDefined();
      }),
    );
  });

  it('with any two lines swapped is found out, and called out of order', () => {
    fc.assert(
      fc.property(trail, place, place, (lines, from, to) => {
        const [a, b] = [from % lines.length, to % lines.length];
        fc.pre(a !== b);
        const swapped = lines.with(a, lines[b] ?? '').with(b, lines[a] ?? '');
        expect(checkChain(fileOf(swapped)).fault).toMatchObject({ kind: 'reordered', line: Math.min(a, b) + 1 });
      }),
    );
  });

  it('with any end cut off is found out by its head, or says itself that its last line is torn', () => {
    fc.assert(
      fc.property(trail, place, (lines, at) => {
        const bytes = fileOf(lines);
        const cut = bytes.subarray(0, at % bytes.length);
        expect(checkChain(cut, headOf(lines)).fault).toBeDefined();
        const isWhole = cut.length === 0 || cut.at(-1) === 10;
        expect(checkChain(cut).fault?.kind).toBe(isWhole ? undefined : 'torn');
      }),
    );
  });

  it('that was written anew from some line on is found out by its head', () => {
    fc.assert(
      fc.property(trail, place, fc.array(fc.string(), { minLength: 1, maxLength: 5 }), (lines, at, bodies) => {
        const forged = chained(bodies, lines.slice(0, at % lines.length));
        fc.pre(!forged.includes(lines.at(-1) ?? ''));
        expect(checkChain(fileOf(forged)).fault).toBeUndefined();
        expect(checkChain(fileOf(forged), headOf(lines)).fault?.kind).toBe('cut-off');
      }),
    );
  });
});

describe('what is wrong with an audit trail', () => {
  const lines = chained(['a', 'b', 'c', 'd']);
  const edited = (line = '') => line.replace('"kind":"', '"kind":"not ');

  it.each<[what: string, lines: readonly string[], fault: string]>([
    ['a record that says something else', lines.with(1, edited(lines[1])), 'changed 2'],
    ['a first record that says something else', lines.with(0, edited(lines[0])), 'changed 1'],
    ['a line that is no record', lines.with(2, 'x'), 'changed 3'],
    ['a record without a number', lines.with(1, '{"kind":"b"}'), 'changed 2'],
    [
      'another past than it had',
      lines.with(2, (lines[2] ?? '').replace(/"prev":"[0-9a-f]{64}/, `"prev":"${NO_HEAD}`)),
      'changed 3',
    ],
    ['a record that is gone', lines.toSpliced(1, 1), 'removed 2'],
    ['a beginning that is gone', lines.slice(2), 'removed 1'],
    ['an empty line', lines.toSpliced(2, 0, ''), 'inserted 3'],
    ['records out of order', [lines[0] ?? '', lines[3] ?? '', lines[1] ?? '', lines[2] ?? ''], 'reordered 2'],
  ])('is told of %s', (_, changed, told) => {
    const { fault } = checkChain(fileOf(changed));
    expect(`${fault?.kind} ${fault?.line}`).toBe(told);
  });

  it('is told in words', () => {
    expect(checkChain(fileOf(lines.toSpliced(1, 2))).fault).toEqual({
      line: 2,
      kind: 'removed',
      seen: 'records 2 to 3 are missing before it',
    });
  });
});
