import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HOSTILE_TEXTS } from '../testing/hostile-text.ts';
import { cell, code, details, fenced, table } from './markdown.ts';

const hostile = fc.oneof(
  fc.constantFrom(...HOSTILE_TEXTS),
  fc.string({ unit: fc.constantFrom(...'|\\`<>&\n\r[]*~_$@#:/.w1 a') }),
  fc.string({ unit: 'binary' }),
);

/** What a reader sees of a cell: escapes, entities and line breaks undone. */
function rendered(text: string): string {
  const entities: Readonly<Record<string, string>> = { '&lt;': '<', '&gt;': '>', '&amp;': '&', '&#36;': '$' };
  return text
    .replaceAll('<br>', '\n')
    .replaceAll('\u200B', '')
    .replace(/\\([\\`|[\]*_~])/g, '$1')
    .replace(/&(?:lt|gt|amp|#36);/g, (entity) => entities[entity] ?? entity);
}

/** Text as it may be shown: what would turn or steer a line is replaced by a sign that is seen. */
function shown(text: string): string {
  return text
    .replace(/\r\n|\r/g, '\n')
    .replace(/[\p{Bidi_Control}[\p{Cc}--[\t\n]]]/gv, '\uFFFD')
    .replaceAll('\u200B', '');
}

/** The cells of a row as GitHub splits it: at every `|` that no backslash escapes. https://github.github.com/gfm/#tables-extension- */
function cellsOf(row: string): string[] {
  return [...row.matchAll(/(?:\\[\s\S]|[^|\\])+/g)].map(([text]) => text.trim());
}

describe('a table', () => {
  it('keeps its shape and its texts, whatever is in its cells', () => {
    const word = hostile.map((text) => text.trim()).filter((text) => text !== '');
    fc.assert(
      fc.property(fc.array(fc.tuple(word, word), { minLength: 1 }), (rows) => {
        const lines = table(['One', 'Two'], rows).split(/\r\n|\r|\n/);
        expect(lines).toHaveLength(rows.length + 2);
        const seen = lines.slice(2).map((line) => cellsOf(line).map((text) => rendered(text).trim()));
        expect(seen).toEqual(rows.map((row) => row.map((text) => shown(text).trim())));
      }),
    );
  });

  it('reads like what it shows', () => {
    expect(table(['Service', 'Image'], [['web', 'nginx:1.27 → nginx:1.28']])).toBe(
      '| Service | Image |\n| --- | --- |\n| web | nginx:1.27 → nginx:1.28 |',
    );
  });
});

it('a cell holds no Markdown and no HTML', () => {
  fc.assert(
    fc.property(hostile, (text) => {
      const bare = cell(text).replaceAll('<br>', '').replace(/\\./g, '');
      expect(bare).not.toMatch(/[<>`|[\]*_~$\r\n]/);
    }),
  );
});

it('a cell and the title of a folded part call nobody and lead nowhere', () => {
  fc.assert(
    fc.property(hostile, (text) => {
      for (const said of [cell(text), details(text, '')]) {
        const bare = said.replace(/<\/?(?:br|details|summary)>|&#36;/g, ' ').replaceAll('\\', '');
        expect(bare).not.toMatch(/@[a-z0-9]|#\d|\bgh-\d|:\/\/|www\.|:[a-z+-][\w+-]*:/i);
      }
    }),
  );
});

it('one line of code shows its text and ends where it should', () => {
  fc.assert(
    fc.property(hostile, (text) => {
      const [, fence = '', inner = ''] = /^(`+)([\s\S]*?[^`])\1$/.exec(code(text)) ?? [];
      expect(inner.match(/`+/g) ?? []).not.toContain(fence);
      expect(code(text)).not.toMatch(/[\r\n]/);
      expect(inner.trim()).toBe(shown(text).replace(/\s+/g, ' ').trim());
    }),
  );
  expect(['nginx:1.27', '`', ''].map(code)).toEqual(['`nginx:1.27`', '`` ` ``', '`  `']);
});

it('a fence can not be closed by what is in it', () => {
  fc.assert(
    fc.property(hostile, (text) => {
      const [fence = ''] = /^`+/.exec(fenced(text)) ?? [];
      expect(fence.length).toBeGreaterThanOrEqual(3);
      expect(text).not.toContain(fence);
      expect(fenced(text)).toBe(`${fence}text\n${text}\n${fence}`);
    }),
  );
});

it('the title of a folded part is one line without HTML', () => {
  fc.assert(
    fc.property(hostile, (title) => {
      const [first = ''] = details(title, 'body').split('\n\n');
      expect(first).toMatch(/^<details><summary>[^<>\r\n]*<\/summary>$/);
    }),
  );
});
