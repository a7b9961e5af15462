import { type Alias, isAlias, isMap, isNode, isScalar, isSeq } from 'yaml';
import type { Position } from './yaml-file.ts';

interface Source {
  behind(alias: Alias): unknown;
  positionAt(offset: number): Position;
}

/** A value in a YAML file and its place. Reads through aliases and merge keys; the place is then that of the anchor's value. */
export class YamlValue {
  readonly #source: Source;
  readonly #node: unknown;
  readonly #key: unknown;
  #entries: ReadonlyMap<string, YamlValue> | undefined;

  constructor(source: Source, node: unknown, key?: unknown) {
    this.#source = source;
    this.#node = isAlias(node) ? source.behind(node) : node;
    this.#key = key;
  }

  /** Where the value begins; for an empty value, where its key begins. */
  get position(): Position {
    const isEmpty = !isNode(this.#node) || (isScalar(this.#node) && this.#node.value === null);
    return isEmpty && isNode(this.#key) ? this.keyPosition : this.#source.positionAt(startOf(this.#node));
  }

  /** Where the value's key begins; for an item of a list, where the item begins. */
  get keyPosition(): Position {
    return isNode(this.#key) ? this.#source.positionAt(startOf(this.#key)) : this.position;
  }

  /** Where the value's text lies in the file, as offsets. */
  get extent(): readonly [start: number, end: number] {
    const range = isNode(this.#node) ? this.#node.range : undefined;
    return range ? [range[0], range[1]] : [0, 0];
  }

  /** The value's own tag, e.g. `!reset`. */
  get tag(): string | undefined {
    return isNode(this.#node) ? this.#node.tag : undefined;
  }

  /** A scalar as it was resolved: text, number, boolean or `null`; `undefined` for mappings and lists. */
  get scalar(): unknown {
    return isScalar(this.#node) ? this.#node.value : undefined;
  }

  /** The text of a text scalar. */
  get text(): string | undefined {
    return typeof this.scalar === 'string' ? this.scalar : undefined;
  }

  get isMapping(): boolean {
    return isMap(this.#node);
  }

  /** Items of a list; none for anything else. */
  get items(): readonly YamlValue[] {
    return isSeq(this.#node) ? this.#node.items.map((item) => new YamlValue(this.#source, item)) : [];
  }

  /** Keys and values of a mapping, own keys before merged ones; none for anything else. */
  get entries(): ReadonlyMap<string, YamlValue> {
    this.#entries ??= this.#readEntries();
    return this.#entries;
  }

  #readEntries(): ReadonlyMap<string, YamlValue> {
    const entries = new Map<string, YamlValue>();
    const merged: YamlValue[] = [];
    for (const { key, value } of isMap(this.#node) ? this.#node.items : []) {
      if (isMergeKey(key)) merged.push(new YamlValue(this.#source, value));
      else entries.set(String(isScalar(key) ? key.value : key), new YamlValue(this.#source, value, key));
    }
    for (const source of merged.flatMap((value) => (value.isMapping ? [value] : value.items))) {
      for (const [key, value] of source.entries) if (!entries.has(key)) entries.set(key, value);
    }
    return entries;
  }

  get(key: string): YamlValue | undefined {
    return this.entries.get(key);
  }

  /** The value at a path of keys and list indexes. */
  at(path: readonly (string | number)[]): YamlValue | undefined {
    return path.reduce<YamlValue | undefined>(
      (value, step) => value?.get(String(step)) ?? value?.items[Number(step)],
      this,
    );
  }
}

function startOf(node: unknown): number {
  return isNode(node) ? (node.range?.[0] ?? 0) : 0;
}

/** The parser marks a merging `<<` with a symbol; a quoted `"<<"` is an ordinary key. */
function isMergeKey(key: unknown): boolean {
  return isScalar(key) && typeof key.value === 'symbol';
}
