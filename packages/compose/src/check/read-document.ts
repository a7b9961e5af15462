import type { YamlFile } from '@gitops/core';
import { isAlias, isMap as isMapNode, isScalar, isSeq, type Scalar, type YAMLMap, type YAMLSeq } from 'yaml';
import { interpolate, UNKNOWN_VALUE, type Variables } from '../load/interpolation.ts';
import type { Faults } from './faults.ts';
import { type Step, Written } from './origins.ts';
import { goText, has, isList, mapOf, newMap, type Plain, Timestamp } from './plain.ts';
import { plainScalar } from './scalar-value.ts';

/** A Compose file as Compose reads it, with its variables in place. */
export interface ReadDocument {
  readonly root: Plain;
  /** What `!reset` and `!override` take away from the files before it; `*` stands for any step. */
  readonly resets: readonly (readonly Step[])[];
}

/** A value that `!reset` takes out of its own file too. */
const RESET = Symbol('reset');

type Read = Plain | typeof RESET;

/** Reads a parsed file into plain data. What it cannot take is among `faults`. */
export function readDocument(yaml: YamlFile, variables: Variables, faults: Faults): ReadDocument {
  const reader = new DocumentReader(yaml, variables, faults);
  const root = reader.read(yaml.contents, undefined, []);
  return { root: root === RESET ? null : root, resets: reader.resets };
}

class DocumentReader {
  readonly resets: (readonly Step[])[] = [];
  readonly #yaml: YamlFile;
  readonly #variables: Variables;
  readonly #faults: Faults;
  /** What stands behind aliases, read once; not if it resets something, which counts at each place. */
  readonly #shared = new Map<unknown, Plain>();
  readonly #resetting: boolean;

  constructor(yaml: YamlFile, variables: Variables, faults: Faults) {
    this.#yaml = yaml;
    this.#variables = variables;
    this.#faults = faults;
    this.#resetting = /!reset|!override/.test(yaml.text);
  }

  read(node: unknown, key: unknown, path: readonly Step[]): Read {
    if (isScalar(node)) return this.#isReset(node, path) ? RESET : this.#scalar(node);
    if (isAlias(node)) return this.#alias(this.#yaml.behind(node), key, path);
    if (isMapNode(node)) return this.#isReset(node, path) ? RESET : this.#map(node, key, path);
    if (isSeq(node)) return this.#isReset(node, path) ? RESET : this.#list(node, key, path);
    return null;
  }

  #isReset({ tag }: { tag?: string | undefined }, path: readonly Step[]): boolean {
    if (tag !== '!reset' && tag !== '!override') return false;
    this.resets.push(path);
    return tag === '!reset';
  }

  #scalar(node: Scalar): Plain {
    const value = scalarValue(node);
    if (typeof value !== 'string' || !value.includes('$')) return value;
    return knownText(value, this.#variables);
  }

  #alias(node: unknown, key: unknown, path: readonly Step[]): Read {
    const known = this.#shared.get(node);
    if (known !== undefined && !this.#resetting) return known;
    const value = this.read(node, key, path);
    if (value !== RESET) this.#shared.set(node, value);
    return value;
  }

  #list(node: YAMLSeq, key: unknown, path: readonly Step[]): Plain {
    const items: Plain[] = [];
    let kept: unknown[] | undefined;
    for (const [index, item] of node.items.entries()) {
      const value = this.read(item, undefined, this.#resetting ? [...path, index] : path);
      if (value === RESET) kept ??= node.items.slice(0, index);
      else if (items.push(value)) kept?.push(item);
    }
    const yaml = this.#yaml;
    const origin = new Written(yaml, node, key);
    const { spot } = origin;
    if (kept === undefined) return this.#faults.origins.set(items, origin);
    return this.#faults.origins.set(items, { spot, child: (step) => ({ yaml, value: kept?.[Number(step)] }) });
  }

  #map(node: YAMLMap, key: unknown, path: readonly Step[]): Plain {
    const map = newMap();
    const merged: unknown[] = [];
    this.#faults.origins.set(map, new Written(this.#yaml, node, key));
    for (const pair of node.items) {
      if (isScalar(pair.key) && typeof pair.key.value === 'symbol') merged.push(pair.value);
      else this.#entry(map, pair, path);
    }
    if (merged.length > 1) this.#refuseMerges(node);
    for (const value of merged) this.#merge(map, value, path);
    return map;
  }

  #refuseMerges(node: YAMLMap): void {
    const last = node.items.findLast(({ key }) => isScalar(key) && typeof key.value === 'symbol');
    const spot = { yaml: this.#yaml, value: last?.key };
    const remedy = 'write both in a list: `<<: [*one, *other]`';
    this.#faults.add('compose/duplicate-key', { spot }, 'key `<<` is written twice in the same mapping', remedy);
  }

  #entry(map: Record<string, Plain>, { key, value }: YAMLMap['items'][number], path: readonly Step[]): void {
    const name = isScalar(key) ? scalarValue(key) : undefined;
    if (typeof name !== 'string' || name === '__proto__') {
      this.#refuseKey(key, name);
      return;
    }
    const read = this.read(value, key, this.#resetting ? [...path, name] : path);
    if (read !== RESET) map[name] = read;
  }

  #refuseKey(key: unknown, name: Plain | undefined): void {
    const seen = name === undefined ? 'a list or a mapping' : describeKey(name);
    const isScalarKey = name !== undefined && typeof name !== 'string';
    const remedy = isScalarKey ? `write it in quotes: \`"${writtenKey(key)}":\`` : 'write another name';
    const spot = { yaml: this.#yaml, value: key };
    this.#faults.add('compose/bad-key', { spot }, `a key is ${seen}, which cannot be a key here`, remedy);
  }

  /** `<<: *base` or a list of them; keys that are there already stay. */
  #merge(map: Record<string, Plain>, value: unknown, path: readonly Step[]): void {
    const source = this.read(value, undefined, path);
    if (source === RESET) return;
    for (const from of isList(source) ? source : [source]) {
      // Anything else has been refused with the syntax.
      for (const [key, merged] of Object.entries(mapOf(from))) if (!has(map, key)) map[key] = merged;
    }
  }
}

/** A variable without a value is an error of its own; what hangs on it is not judged by the nothing that is there instead. */
function knownText(template: string, variables: Variables): string {
  const { text, faults } = interpolate(template, variables);
  const lacking = faults.filter(({ kind }) => kind === 'unset' || kind === 'required');
  if (lacking.length === 0) return text;
  const unknown = Object.fromEntries(lacking.map(({ name }) => [name, UNKNOWN_VALUE]));
  return interpolate(template, { ...variables, ...unknown }).text;
}

function describeKey(name: Plain): string {
  if (typeof name === 'string') return `\`${name}\``;
  if (name instanceof Timestamp) return `the date \`${name.written}\``;
  return name === null ? 'empty' : `the ${typeof name === 'boolean' ? 'boolean' : 'number'} \`${goText(name)}\``;
}

function writtenKey(key: unknown): string {
  return isScalar(key) ? (key.source ?? String(key.value)) : '';
}

const TAG = 'tag:yaml.org,2002:';

function scalarValue(node: Scalar): Plain {
  const { value, source, tag, type } = node;
  if (tag !== undefined) return taggedScalar(node);
  if (type !== 'PLAIN') return typeof value === 'string' ? value : (source ?? null);
  return typeof value === 'string' && !/^[-+.\d]/.test(value) ? value : plainScalar(source ?? '');
}

function taggedScalar({ value, source = '', tag }: Scalar): Plain {
  if (tag === `${TAG}binary`) return Buffer.from(source, 'base64').toString('utf8');
  const isResolved = tag === `${TAG}int` || tag === `${TAG}float` || tag === `${TAG}bool` || tag === `${TAG}null`;
  if (isResolved || tag === '!override') return plainScalar(source);
  return typeof value === 'string' ? value : source;
}
