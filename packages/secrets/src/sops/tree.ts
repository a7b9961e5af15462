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
  /** It stands behind the value that follows in the tree, not above it. */
  readonly isInline?: true;
  readonly at: Position;
}

/** The types that SOPS tells apart. */
export type ScalarType = 'str' | 'int' | 'float' | 'bool' | 'bytes' | 'time' | 'null';

/** A value. `text` is what SOPS would hash and encrypt: `True`, `1.5`, empty for null. */
export interface SopsScalar {
  readonly kind: 'scalar';
  readonly type: ScalarType;
  readonly text: string;
  /** The value byte for byte, where it may be no UTF-8. */
  readonly bytes?: Buffer;
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

/** What becomes of the leaves of a tree, called in file order. */
interface LeafChange {
  scalar(scalar: SopsScalar, where: Where): SopsScalar;
  comment(comment: SopsComment, where: Where): SopsComment;
}

/** Where a leaf stands. */
export type Where = Pick<TreeLeaf, 'path' | 'comments'>;

/** The map with every leaf changed. */
export function changeLeaves(map: SopsMap, change: LeafChange): SopsMap {
  return changedMap(map, { path: [], comments: [] }, change);
}

function changedMap(map: SopsMap, outer: Where, change: LeafChange): SopsMap {
  const since = new CommentsSince(outer.comments);
  const entries = map.entries.map((entry) => {
    if (entry.kind === 'comment') return change.comment(entry, { ...outer, comments: since.add(entry.text) });
    const value = changedNode(entry.value, { path: [...outer.path, entry.key], comments: since.end() }, change);
    return { ...entry, value };
  });
  return { kind: 'map', entries };
}

function changedList(list: SopsList, outer: Where, change: LeafChange): SopsList {
  const since = new CommentsSince(outer.comments);
  let index = -1;
  const items = list.items.map((item) => {
    if (item.kind === 'comment') return change.comment(item, { ...outer, comments: since.add(item.text) });
    index += 1;
    return changedNode(item, { path: [...outer.path, index], comments: since.end() }, change);
  });
  return { kind: 'list', items };
}

function changedNode(node: SopsNode, where: Where, change: LeafChange): SopsNode {
  if (node.kind === 'map') return changedMap(node, where, change);
  return node.kind === 'list' ? changedList(node, where, change) : change.scalar(node, where);
}

/** The comments above the next value of a map or list, behind those of the levels around it. */
class CommentsSince {
  readonly #outer: Where['comments'];
  #own: readonly string[] = [];

  constructor(outer: Where['comments']) {
    this.#outer = outer;
  }

  add(text: string): Where['comments'] {
    this.#own = [...this.#own, text];
    return [...this.#outer, this.#own];
  }

  /** Those of the value that follows; the next one has none of them. */
  end(): Where['comments'] {
    const all = [...this.#outer, this.#own];
    this.#own = [];
    return all;
  }
}

/** Every value and comment in file order. */
export function leavesOf(map: SopsMap): readonly TreeLeaf[] {
  const leaves: TreeLeaf[] = [];
  const collect = <Leaf extends TreeLeaf['leaf']>(leaf: Leaf, where: Where): Leaf => {
    leaves.push({ leaf, ...where });
    return leaf;
  };
  changeLeaves(map, { scalar: collect, comment: collect });
  return leaves;
}

/** The entry of a key, the last one where it is written twice. */
export function entryOf(map: SopsMap, key: string): SopsEntry | undefined {
  return map.entries.findLast((entry): entry is SopsEntry => entry.kind === 'entry' && entry.key === key);
}

/** A value that was not read from a file. */
export function scalar(type: ScalarType, text: string): SopsScalar {
  return { kind: 'scalar', type, text, at: NOWHERE };
}

/** An entry that was not read from a file. */
export function entry(key: string, value: SopsNode): SopsEntry {
  return { kind: 'entry', key, at: NOWHERE, value };
}

const NOWHERE: Position = { line: 1, column: 1 };
