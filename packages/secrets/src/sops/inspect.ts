import { parseEncrypted } from './encrypted-value.ts';
import type { SopsMetadata } from './metadata.ts';
import { openSops } from './open-sops.ts';
import { isRuledEncrypted, type SopsRule } from './rule.ts';
import type { SopsFormat } from './sops-format.ts';
import { leavesOf, type TreeLeaf } from './tree.ts';

/** What a SOPS file says without any key. */
export interface SopsFile extends SopsMetadata {
  readonly format: SopsFormat;
  /** In file order, never with a value. */
  readonly leaves: readonly SopsLeaf[];
}

/** A value or a comment of a SOPS file. */
export interface SopsLeaf {
  /** Names of keys and indexes of lists; for a comment those of what it stands in. */
  readonly path: readonly (string | number)[];
  readonly line: number;
  readonly column: number;
  /** It has the form of an encrypted value. */
  readonly isEncrypted: boolean;
  readonly isComment: boolean;
  /** Empty or null, which SOPS leaves as it is. */
  readonly isEmpty: boolean;
  /** The file's rule says that it is encrypted. */
  readonly shouldBeEncrypted: boolean;
}

/**
 * What a SOPS file says without any key.
 *
 * @throws SopsError `sops-not-encrypted`, `sops-damaged` or `sops-wrong-format`
 */
export function inspectSops(text: string): SopsFile {
  const { format, metadata, tree } = openSops(text);
  const leaves = tree.documents.flatMap(leavesOf);
  return { ...metadata, format, leaves: leaves.map((leaf) => describeLeaf(leaf, metadata.rule)) };
}

function describeLeaf({ leaf, path, comments }: TreeLeaf, rule: SopsRule): SopsLeaf {
  const isComment = leaf.kind === 'comment';
  const isEmpty = leaf.kind === 'scalar' && leaf.text === '';
  return {
    path,
    line: leaf.at.line,
    column: leaf.at.column,
    isEncrypted: parseEncrypted(leaf.text) !== undefined,
    isComment,
    isEmpty,
    shouldBeEncrypted: isRuledEncrypted(rule, { path, comments, isComment }),
  };
}
