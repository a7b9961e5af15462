import type { Place, YamlFile } from '@gitops/core';
import { isAlias, isMap as isMapNode, isNode, isScalar, isSeq } from 'yaml';
import { isList, type Plain, type PlainMap } from './plain.ts';

export type Container = PlainMap | readonly Plain[];
export type Step = string | number;

/** A value in a file, with its key if it has one; both are nodes of the parser. */
export interface Spot {
  readonly yaml: YamlFile;
  readonly value: unknown;
  readonly key?: unknown;
}

/** Where a container comes from. */
export interface Origin {
  readonly spot?: Spot | undefined;
  child(step: Step): Spot | undefined;
}

/** Knows where every container of the model was written. Nothing is looked for before somebody asks. */
export class Origins {
  readonly #origins = new WeakMap<Container, Origin>();

  /** Notes where a container comes from, and gives it back. */
  set<C extends Container>(container: C, origin: Origin): C {
    this.#origins.set(container, origin);
    return container;
  }

  /** Notes that a container was made of others, of which the first counts most. */
  follow<C extends Container>(container: C, ...sources: readonly (Container | undefined)[]): C {
    return this.set(container, new Followed(this, sources));
  }

  of(container: Container): Spot | undefined {
    return this.#origins.get(container)?.spot;
  }

  /** Where a value of a container was written, if somebody wrote it. */
  child(container: Container, step: Step): Spot | undefined {
    return this.#origins.get(container)?.child(step) ?? this.#ownSpot(valueIn(container, step));
  }

  /** The nearest spot to a path of the model. */
  nearest(root: Container, path: readonly Step[]): Spot | undefined {
    let spot = this.of(root);
    let value: Plain | undefined = root;
    for (const step of path) {
      if (!isContainer(value)) break;
      spot = this.child(value, step) ?? spot;
      value = valueIn(value, step);
    }
    return spot;
  }

  #ownSpot(value: Plain | undefined): Spot | undefined {
    return isContainer(value) ? this.of(value) : undefined;
  }
}

class Followed implements Origin {
  readonly #origins: Origins;
  readonly #sources: readonly (Container | undefined)[];

  constructor(origins: Origins, sources: readonly (Container | undefined)[]) {
    this.#origins = origins;
    this.#sources = sources;
  }

  get spot(): Spot | undefined {
    return this.#first((source) => this.#origins.of(source));
  }

  child(step: Step): Spot | undefined {
    return this.#first((source) => this.#origins.child(source, step));
  }

  #first(find: (source: Container) => Spot | undefined): Spot | undefined {
    for (const source of this.#sources) {
      const spot = source === undefined ? undefined : find(source);
      if (spot) return spot;
    }
    return undefined;
  }
}

/** A mapping or list as a file says it. */
export class Written implements Origin {
  readonly spot: Spot;

  constructor(yaml: YamlFile, value: unknown, key: unknown) {
    this.spot = { yaml, value, key };
  }

  child(step: Step): Spot | undefined {
    return childOf(this.spot.yaml, this.spot.value, step);
  }
}

/** Where a key begins, or for what has none, its value. */
export function keyPlace(spot: Spot): Place {
  return placeOfNode(spot.yaml, isNode(spot.key) ? spot.key : behind(spot));
}

/** Where a value begins; where its key does if it is empty. */
export function valuePlace(spot: Spot): Place {
  const value = behind(spot);
  const isEmpty = !isNode(value) || (isScalar(value) && value.range?.[0] === value.range?.[1]);
  return isEmpty && isNode(spot.key) ? placeOfNode(spot.yaml, spot.key) : placeOfNode(spot.yaml, value);
}

/** As the rest of the engine points at values: at the key of a mapping or list, at anything else itself. */
export function placeOfSpot(spot: Spot): Place {
  return isScalar(behind(spot)) ? valuePlace(spot) : keyPlace(spot);
}

/** A value as it is written, in one line. */
export function sourceOf(spot: Spot): string {
  const value = behind(spot);
  const [start, end] = (isNode(value) ? value.range : undefined) ?? [0, 0];
  return spot.yaml.text.slice(start, end).trim().replaceAll(/\s+/g, ' ');
}

function behind({ yaml, value }: Spot): unknown {
  return isAlias(value) ? yaml.behind(value) : value;
}

function placeOfNode(yaml: YamlFile, node: unknown): Place {
  return { file: yaml.file, ...yaml.positionAt((isNode(node) ? node.range?.[0] : undefined) ?? 0) };
}

function childOf(yaml: YamlFile, node: unknown, step: Step): Spot | undefined {
  if (isSeq(node)) return typeof step === 'number' ? { yaml, value: node.items[step] } : undefined;
  if (!isMapNode(node)) return undefined;
  const own = node.items.find(({ key }) => isScalar(key) && typeof key.value !== 'symbol' && keyText(key) === step);
  if (own) return { yaml, value: own.value, key: own.key };
  const merged = node.items.filter(({ key }) => isScalar(key) && typeof key.value === 'symbol');
  return merged.flatMap(({ value }) => mergedChild(yaml, value, step) ?? [])[0];
}

function mergedChild(yaml: YamlFile, value: unknown, step: Step): Spot | undefined {
  const node = resolved(yaml, value);
  const sources = isSeq(node) ? node.items : [node];
  return sources.flatMap((source) => childOf(yaml, resolved(yaml, source), step) ?? [])[0];
}

function resolved(yaml: YamlFile, node: unknown): unknown {
  return isAlias(node) ? yaml.behind(node) : node;
}

function keyText(key: { readonly value: unknown; readonly source?: string }): string {
  return typeof key.value === 'string' ? key.value : (key.source ?? String(key.value));
}

function isContainer(value: Plain | undefined): value is Container {
  return typeof value === 'object' && value !== null;
}

export function valueIn(container: Container, step: Step): Plain | undefined {
  return isList(container) ? container[Number(step)] : container[step];
}
