import type { Position } from '@gitops/core';
import { type Document, isAlias, isMap, isPair, isScalar, isSeq, type LineCounter, type Node, type Pair } from 'yaml';
import { refuseSecond } from '../refuse-second.ts';
import { damaged, SopsError } from '../sops-error.ts';
import type { SopsComment, SopsEntry, SopsList, SopsMap, SopsNode, SopsScalar } from '../tree.ts';
import type { CommentPositions } from './comment-positions.ts';
import { resolvePlain } from './resolve-scalar.ts';

/** Aliases are written out; a file that grows beyond this is hostile. */
const MOST_NODES = 100_000;
/** Deeper than any file of a person; a hostile one shall not exhaust the stack. */
const DEEPEST = 500;

/** One document on its way to SOPS' tree. */
export class YamlReading {
  readonly #document: Document.Parsed;
  readonly #lines: LineCounter;
  readonly #comments: CommentPositions;
  /** Comments at the end of a map or list that belong to one around it. */
  readonly #left: SopsComment[] = [];
  /** In the order of the text, as an alias means the last one before it. */
  readonly #anchors = new Map<string, Node>();
  #nodes = 0;
  #depth = 0;

  constructor(document: Document.Parsed, lines: LineCounter, comments: CommentPositions) {
    this.#document = document;
    this.#lines = lines;
    this.#comments = comments;
  }

  root(): SopsMap {
    const [fault] = this.#document.errors;
    if (fault) throw damaged(`this is no YAML (${fault.code})`, this.#at(fault.pos[0]));
    const { commentBefore, comment } = this.#document;
    const contents = asNode(this.#document.contents);
    const before = this.#told(commentBefore);
    const read = contents ? this.#node(contents) : EMPTY;
    if (read.kind === 'list' || (read.kind === 'scalar' && read.type !== 'null'))
      throw damaged('the YAML document is no map', this.#at(this.#document.range[0]));
    const entries = read.kind === 'map' ? read.entries : [];
    return { kind: 'map', entries: [...before, ...entries, ...this.#left, ...this.#told(comment)] };
  }

  #node(node: Node): SopsNode {
    this.#nodes += 1;
    this.#depth += 1;
    if (this.#nodes > MOST_NODES || this.#depth > DEEPEST)
      throw damaged('the YAML is nested too deeply, or its aliases lead to each other');
    const read = this.#read(node);
    this.#depth -= 1;
    return read;
  }

  #read(node: Node): SopsNode {
    if (isAlias(node)) return this.#aliased(node);
    if ('anchor' in node && typeof node.anchor === 'string') this.#anchors.set(node.anchor, node);
    if (isMap(node)) return this.#map(node);
    if (isSeq(node)) return this.#list(node);
    if (isScalar(node)) return this.#scalar(node);
    throw damaged('the YAML holds something unknown');
  }

  #aliased(node: Node & { readonly source: string }): SopsNode {
    const target = this.#anchors.get(node.source);
    if (!target) throw damaged('an alias has no anchor', this.#at(node.range?.[0] ?? 0));
    return this.#node(target);
  }

  #map(map: Node & { readonly items: readonly unknown[] }): SopsMap {
    const before = this.#told(map.commentBefore);
    const entries = map.items.flatMap((pair) => (isPair(pair) ? [...this.#pair(pair), ...this.#trailing(map)] : []));
    refuseSecond(entries);
    this.#endOf(map);
    return { kind: 'map', entries: [...before, ...entries, ...this.#trailing(map)] };
  }

  #pair({ key, value }: Pair): readonly (SopsEntry | SopsComment)[] {
    if (!isScalar(key)) throw damaged('a key of the YAML is no text');
    const at = this.#at(key.range?.[0] ?? 0);
    if (textOf(key) === MERGE) throw damaged('a merge key `<<` brings in what is written elsewhere', at);
    const node = asNode(value);
    const before = [...this.#told(key.commentBefore), ...this.#told(key.comment)];
    const entry = { kind: 'entry', key: textOf(key), at } as const;
    if (!node) return [...before, { ...entry, value: { kind: 'scalar', type: 'null', text: '', at } }];
    const ofValue = isScalar(node) || isAlias(node) ? this.#ofScalar(node) : [];
    return [...before, ...ofValue, { ...entry, value: this.#node(node) }];
  }

  #list(list: Node & { readonly items: readonly unknown[] }): SopsList {
    const before = this.#told(list.commentBefore);
    const items = list.items.flatMap((item) => [...this.#item(asNode(item)), ...this.#trailing(list)]);
    this.#endOf(list);
    return { kind: 'list', items: [...before, ...items, ...this.#trailing(list)] };
  }

  #item(node: Node | undefined): readonly (SopsNode | SopsComment)[] {
    if (!node) return [{ kind: 'scalar', type: 'null', text: '', at: this.#at(0) }];
    if (isScalar(node) || isAlias(node)) return [...this.#ofScalar(node), this.#node(node)];
    const read = this.#node(node);
    return [...leading(read), withoutLeading(read)];
  }

  /** The parser gives comments at the end to the innermost map or list, however far they are indented. */
  #endOf(collection: Node): void {
    this.#left.push(...this.#told(collection.comment));
  }

  /** Those of them that are indented at least as far as the map or list. */
  #trailing(collection: Node): readonly SopsComment[] {
    const { column } = this.#at(collection.range?.[0] ?? 0);
    const end = this.#left.findIndex(({ at }) => at.column < column);
    return this.#left.splice(0, end === -1 ? this.#left.length : end);
  }

  /** SOPS puts a comment behind a value before it. */
  #ofScalar(node: Node): readonly SopsComment[] {
    const before = this.#told(node.commentBefore);
    const [first, ...rest] = this.#told(node.comment);
    if (!first) return before;
    const lines = node.range?.slice(0, 2).map((offset) => this.#at(offset).line);
    return [...before, lines?.includes(first.at.line) ? { ...first, isInline: true } : first, ...rest];
  }

  #scalar(node: Node & { readonly value: unknown }): SopsScalar {
    const at = this.#at(node.range?.[0] ?? 0);
    const text = textOf(node);
    const isPlain = isScalar(node) && node.type === 'PLAIN' && node.tag === undefined;
    if (node.tag !== undefined && !/:(?:str|merge)$/.test(node.tag)) throw tagged(node.tag, at);
    const resolved = isPlain ? resolvePlain(text) : { type: 'str' as const, text };
    return { kind: 'scalar', ...resolved, at };
  }

  #told(comment: string | null | undefined): readonly SopsComment[] {
    if (comment === null || comment === undefined) return [];
    const texts = comment.split('\n').filter((line) => line !== '');
    return texts.map((text) => ({ kind: 'comment', text, at: this.#comments(text) }));
  }

  #at(offset: number): Position {
    const { line, col } = this.#lines.linePos(offset);
    return { line, column: col };
  }
}

/** What stands before an item of a list belongs to the list. */
function leading(node: SopsNode): readonly SopsComment[] {
  const parts = partsOf(node);
  const end = parts.findIndex((part) => part.kind !== 'comment' || part.isInline);
  return parts.slice(0, end === -1 ? parts.length : end).filter((part) => part.kind === 'comment');
}

function withoutLeading(node: SopsNode): SopsNode {
  const { length } = leading(node);
  if (node.kind === 'map') return { ...node, entries: node.entries.slice(length) };
  return node.kind === 'list' ? { ...node, items: node.items.slice(length) } : node;
}

function partsOf(node: SopsNode): readonly (SopsEntry | SopsNode | SopsComment)[] {
  if (node.kind === 'map') return node.entries;
  return node.kind === 'list' ? node.items : [];
}

/** What it does depends on who reads it: names of the same map may or may not go before it. */
const MERGE = '<<';

const EMPTY: SopsMap = { kind: 'map', entries: [] };

/** The value of `<<` is a symbol. */
function textOf({ value }: { readonly value: unknown }): string {
  return typeof value === 'symbol' ? MERGE : String(value ?? '');
}

function asNode(value: unknown): Node | undefined {
  return isMap(value) || isSeq(value) || isScalar(value) || isAlias(value) ? value : undefined;
}

function tagged(tag: string, position: Position): SopsError {
  return new SopsError('sops-wrong-format', {
    attempted: 'read',
    seen: `the value has the tag ${tag}`,
    remedy: 'write it without a tag, as a text',
    position,
  });
}
