import { type Alias, isAlias, isMap, isNode, isSeq, type Node } from 'yaml';

/** Shows every node of a document, parents first; those below a node that is not to be entered are left out. */
export function walkYaml(node: unknown, enter: (node: Node, isKey: boolean) => boolean, isKey = false): void {
  if (!isNode(node) || !enter(node, isKey)) return;
  if (isSeq(node)) for (const item of node.items) walkYaml(item, enter);
  if (!isMap(node)) return;
  for (const { key, value } of node.items) {
    walkYaml(key, enter, true);
    walkYaml(value, enter);
  }
}

/** How many nodes there would be if each alias were written out; infinitely many where one stands for itself. */
export function expandedSize(root: unknown, aliases: ReadonlyMap<Alias, Node | undefined>): number {
  const sizes = new Map<unknown, number>();
  const sizeOf = (node: unknown): number => {
    const known = sizes.get(node);
    if (known !== undefined) return known;
    sizes.set(node, Number.POSITIVE_INFINITY);
    const size = 1 + childrenOf(node, aliases).reduce<number>((sum, child) => sum + sizeOf(child), 0);
    sizes.set(node, size);
    return size;
  };
  return sizeOf(root);
}

function childrenOf(node: unknown, aliases: ReadonlyMap<Alias, Node | undefined>): readonly unknown[] {
  if (isAlias(node)) return [aliases.get(node)];
  if (isSeq(node)) return node.items;
  return isMap(node) ? node.items.flatMap(({ key, value }) => [key, value]) : [];
}
