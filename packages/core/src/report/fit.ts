/** A part of a text in several sizes: all that there is to say first, the least last. Empty parts are left out. */
export interface Part {
  readonly sizes: readonly [string, ...string[]];
  /** Made smaller only when nothing else can be. */
  readonly isKept?: boolean;
}

/**
 * Parts as one text of at most `limit` characters, where that can be reached: as long as it is too long, its longest part is taken
 * one size smaller. Nothing is ever cut. Deterministic.
 */
export function fit(parts: readonly Part[], limit: number, leftOut: (count: number) => string): string {
  const chosen = parts.map(() => 0);
  for (;;) {
    const texts = parts.map(({ sizes }, index) => sizes[chosen[index] ?? 0] ?? '');
    const count = texts.filter((text, index) => text === '' && parts[index]?.sizes[0] !== '').length;
    const all = [...texts, count > 0 ? leftOut(count) : ''].filter((text) => text !== '');
    const next = lengthOf(all) > limit ? longest(parts, chosen) : undefined;
    if (next === undefined) return `${all.join(BETWEEN)}\n`;
    chosen[next] = (chosen[next] ?? 0) + 1;
  }
}

const BETWEEN = '\n\n';

/** Of the joined text, without joining it. */
function lengthOf(texts: readonly string[]): number {
  return texts.reduce((sum, text) => sum + text.length + BETWEEN.length, 0);
}

/** The index of the part to be made smaller. */
function longest(parts: readonly Part[], chosen: readonly number[]): number | undefined {
  const open = parts.flatMap(({ sizes, isKept = false }, index) => {
    const size = chosen[index] ?? 0;
    return size + 1 < sizes.length ? [{ index, isKept, length: sizes[size]?.length ?? 0 }] : [];
  });
  const [first] = open.sort((a, b) => Number(a.isKept) - Number(b.isKept) || b.length - a.length || a.index - b.index);
  return first?.index;
}

/** As many items, one below the other, as there is room for; the others are counted. */
export function listWithin(items: readonly string[], limit: number, more: (count: number) => string): string {
  const fitting: string[] = [];
  let length = 0;
  for (const item of items) {
    if (length + item.length + 1 > limit) continue;
    length += item.length + 1;
    fitting.push(item);
  }
  const left = items.length - fitting.length;
  return [...fitting, ...(left > 0 ? [more(left)] : [])].join('\n');
}
