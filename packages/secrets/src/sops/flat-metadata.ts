import { damaged } from './sops-error.ts';
import type { SopsEntry, SopsMap, SopsNode } from './tree.ts';

/** A map or list that is still being put together. */
type Branch = Map<string | number, Branch | SopsEntry>;

/** Puts SOPS' metadata together again, which dotenv holds under flat keys: `age__list_0__map_recipient`. */
export function unflatten(entries: readonly SopsEntry[], prefix: string): SopsMap {
  const root: Branch = new Map();
  for (const entry of entries) place(root, tokensOf(entry.key.slice(prefix.length)), entry);
  return mapOf(root);
}

/** `age__list_0__map_enc` → `age`, 0, `enc`. */
function tokensOf(key: string): readonly (string | number)[] {
  const [first = '', ...rest] = key.split(/(?=__(?:list|map)_)/);
  return [first, ...rest.map((part) => (part.startsWith('__list_') ? Number(part.slice(7)) : part.slice(6)))];
}

function place(root: Branch, tokens: readonly (string | number)[], entry: SopsEntry): void {
  const last = tokens.at(-1) ?? '';
  let branch = root;
  for (const token of tokens.slice(0, -1)) {
    const next = branch.get(token) ?? new Map();
    if (!(next instanceof Map)) throw damaged(`\`${entry.key}\` contradicts an earlier key`, entry.at);
    branch.set(token, next);
    branch = next;
  }
  if (branch.has(last)) throw damaged(`\`${entry.key}\` contradicts an earlier key`, entry.at);
  branch.set(last, entry);
}

function nodeOf(part: Branch | SopsEntry): SopsNode {
  if (!(part instanceof Map)) return part.value;
  const keys = [...part.keys()];
  if (!keys.every((key) => typeof key === 'number')) return mapOf(part);
  const items = keys.toSorted((a, b) => a - b).flatMap((key) => part.get(key) ?? []);
  return { kind: 'list', items: items.map(nodeOf) };
}

function mapOf(branch: Branch): SopsMap {
  const entries = [...branch].map(([key, part]) => {
    const value = nodeOf(part);
    return { kind: 'entry' as const, key: String(key), at: firstPosition(part), value };
  });
  return { kind: 'map', entries };
}

function firstPosition(part: Branch | SopsEntry): SopsEntry['at'] {
  let found = part;
  while (found instanceof Map) found = found.values().next().value ?? NOWHERE;
  return found.at;
}

const NOWHERE: SopsEntry = {
  kind: 'entry',
  key: '',
  at: { line: 1, column: 1 },
  value: { kind: 'scalar', type: 'null', text: '', at: { line: 1, column: 1 } },
};

/** The flat entries of metadata, in the order in which SOPS writes them. */
export function flatten(map: SopsMap, prefix: string): readonly SopsEntry[] {
  return flatEntries(map, prefix, '').toSorted((a, b) => (a.key < b.key ? -1 : 1));
}

function flatEntries(map: SopsMap, prefix: string, infix: string): readonly SopsEntry[] {
  const entries = map.entries.filter((entry) => entry.kind === 'entry');
  return entries.flatMap(({ key, value }) => flatNode(value, `${prefix}${infix}${key}`));
}

function flatNode(node: SopsNode, key: string): readonly SopsEntry[] {
  if (node.kind === 'scalar') return [{ kind: 'entry', key, at: node.at, value: node }];
  if (node.kind === 'map') return flatEntries(node, key, '__map_');
  const items = node.items.filter((item) => item.kind !== 'comment');
  return items.flatMap((item, index) => flatNode(item, `${key}__list_${index}`));
}
