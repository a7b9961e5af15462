import type { Position } from '@gitops/core';

/** What SOPS makes of a file of any format: values in the order in which they are written. */
export type SopsNode = SopsMap | SopsList | SopsScalar;

export interface SopsMap {
  readonly kind: 'map';
  readonly entries: readonly (SopsEntry | SopsComment)[];
}

export interface SopsEntry {
  readonly kind: 'entry';
  readonly key: string;
  readonly at: Position;
  readonly value: SopsNode;
}

export interface SopsList {
  readonly kind: 'list';
  readonly items: readonly (SopsNode | SopsComment)[];
}

/** A comment, without its `#`. */
export interface SopsComment {
  readonly kind: 'comment';
  readonly text: string;
  readonly at: Position;
}

/** The types that SOPS tells apart. */
export type ScalarType = 'str' | 'int' | 'float' | 'bool' | 'time' | 'null';

/** A value. `text` is what SOPS would hash and encrypt: `True`, `1.5`, empty for null. */
export interface SopsScalar {
  readonly kind: 'scalar';
  readonly type: ScalarType;
  readonly text: string;
  readonly at: Position;
}

/** A file as it was parsed; only YAML has more than one document. */
export interface SopsTree {
  readonly documents: readonly SopsMap[];
  /** The `sops` part; of several documents the first one's. */
  readonly metadata: SopsMap | undefined;
}

/** A value or a comment, with what decides whether it is to be encrypted. */
export interface TreeLeaf {
  readonly leaf: SopsScalar | SopsComment;
  readonly path: readonly (string | number)[];
  /** For each level above the leaf, outermost first, the comments since the last value; a comment counts itself. */
  readonly comments: readonly (readonly string[])[];
}

type Path = readonly (string | number)[];
type Stack = readonly (readonly string[])[];

/** Every value and comment in file order. */
export function* leavesOf(map: SopsMap): Generator<TreeLeaf> {
  yield* mapLeaves(map, [], []);
}

function* mapLeaves(map: SopsMap, path: Path, outer: Stack): Generator<TreeLeaf> {
  let comments: readonly string[] = [];
  for (const entry of map.entries) {
    if (entry.kind === 'comment') {
      comments = [...comments, entry.text];
      yield { leaf: entry, path, comments: [...outer, comments] };
    } else {
      yield* nodeLeaves(entry.value, [...path, entry.key], [...outer, comments]);
      comments = [];
    }
  }
}

function* listLeaves(list: SopsList, path: Path, outer: Stack): Generator<TreeLeaf> {
  let comments: readonly string[] = [];
  let index = 0;
  for (const item of list.items) {
    if (item.kind === 'comment') {
      comments = [...comments, item.text];
      yield { leaf: item, path, comments: [...outer, comments] };
    } else {
      yield* nodeLeaves(item, [...path, index], [...outer, comments]);
      comments = [];
      index += 1;
    }
  }
}

function* nodeLeaves(node: SopsNode, path: Path, comments: Stack): Generator<TreeLeaf> {
  if (node.kind === 'map') yield* mapLeaves(node, path, comments);
  else if (node.kind === 'list') yield* listLeaves(node, path, comments);
  else yield { leaf: node, path, comments };
}

/** The entry of a key, the last one where it is written twice. */
export function entryOf(map: SopsMap, key: string): SopsEntry | undefined {
  return map.entries.findLast((entry): entry is SopsEntry => entry.kind === 'entry' && entry.key === key);
}
