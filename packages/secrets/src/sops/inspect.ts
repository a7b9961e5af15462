import type { Position } from '@gitops/core';
import { readDotenv } from './dotenv.ts';
import { parseEncrypted } from './encrypted-value.ts';
import { readJson } from './json/read-json.ts';
import { readMetadata, type SopsMetadata } from './metadata.ts';
import { isRuledEncrypted, type SopsRule } from './rule.ts';
import { SopsError } from './sops-error.ts';
import { type SopsFormat, sniffSops } from './sops-format.ts';
import { leavesOf, type SopsTree, type TreeLeaf } from './tree.ts';
import { readYaml } from './yaml/read-yaml.ts';

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
 * @throws SopsError `sops-not-encrypted`, `sops-damaged` or `sops-unsupported`
 */
export function inspectSops(text: string): SopsFile {
  const { format, metadata, tree } = openSops(text);
  const leaves = tree.documents.flatMap((document) => [...leavesOf(document)]);
  return { ...metadata, format, leaves: leaves.map((leaf) => describeLeaf(leaf, metadata.rule)) };
}

/** A SOPS file that was read, but not decrypted. */
export interface OpenedSops {
  readonly format: SopsFormat;
  readonly tree: SopsTree & { readonly metadata: NonNullable<SopsTree['metadata']> };
  readonly metadata: SopsMetadata;
}

export function openSops(text: string): OpenedSops {
  refuseConflict(text);
  const format = sniffSops(text);
  if (!format) throw unknownFormat(text);
  const { documents, metadata } = READERS[format](text);
  if (!metadata) throw notEncrypted('it has no `sops` part');
  return { format, tree: { documents, metadata }, metadata: readMetadata(metadata) };
}

const READERS: Readonly<Record<SopsFormat, (text: string) => SopsTree>> = {
  dotenv: readDotenv,
  yaml: readYaml,
  json: readJson,
  binary: readJson,
};

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

/** `git merge` writes these; no side of them is a file that SOPS wrote. */
const CONFLICT = /^(?:<{7}|>{7}) /m;

function refuseConflict(text: string): void {
  const marker = CONFLICT.exec(text);
  if (!marker) return;
  const position: Position = { line: text.slice(0, marker.index).split('\n').length, column: 1 };
  throw new SopsError('sops-damaged', {
    attempted: 'read',
    seen: 'it has the markers of a merge conflict, and values of two versions do not fit together',
    remedy:
      'do not resolve it by hand: take one side whole (`git checkout --ours FILE` or `--theirs`) and make the changes of the other by `gitops secrets edit FILE`',
    position,
  });
}

function unknownFormat(text: string): SopsError {
  if (!/^\[sops\]\s*$/m.test(text)) return notEncrypted('SOPS wrote nothing in it');
  return new SopsError('sops-unsupported', {
    attempted: 'read',
    seen: 'it is an INI file of SOPS',
    remedy: 'keep secrets as dotenv, YAML, JSON or binary',
  });
}

function notEncrypted(seen: string): SopsError {
  const remedy = 'encrypt it: `gitops secrets encrypt FILE`; if it was committed like this, change the secrets too';
  return new SopsError('sops-not-encrypted', { attempted: 'read', seen, remedy });
}
