import { type Document, LineCounter, parseAllDocuments, visit } from 'yaml';
import { damaged } from '../sops-error.ts';
import { entryOf, type SopsEntry, type SopsMap, type SopsTree } from '../tree.ts';
import { commentPositions } from './comment-positions.ts';
import { YamlReading } from './yaml-reading.ts';

/**
 * Reads a YAML file as SOPS does (stores/yaml): all documents, comments among the keys, aliases of a plaintext written out.
 *
 * @throws SopsError `sops-damaged`
 */
export function readYaml(text: string): SopsTree {
  const lines = new LineCounter();
  const parts = parsed(text, lines);
  const documents = treesOf(parts, text, lines);
  const metadata = documents.map((document) => entryOf(document, 'sops')).find((entry) => entry !== undefined);
  if (metadata) refuseForeignParts(metadata, documents, parts, lines);
  return {
    documents: documents.map(withoutMetadata),
    metadata: metadata?.value.kind === 'map' ? metadata.value : undefined,
  };
}

/** The documents with all of their entries. */
export function readYamlDocuments(text: string): readonly SopsMap[] {
  const lines = new LineCounter();
  return treesOf(parsed(text, lines), text, lines);
}

function treesOf(documents: readonly Document.Parsed[], text: string, lines: LineCounter): readonly SopsMap[] {
  const comments = commentPositions(text, lines);
  return documents.map((document) => new YamlReading(document, lines, comments).root());
}

/** What SOPS never writes: an alias, or a document before the first one that it encrypted. */
function refuseForeignParts(
  metadata: SopsEntry,
  [first]: readonly SopsMap[],
  parts: readonly Document.Parsed[],
  lines: LineCounter,
): void {
  if (metadata.value.kind !== 'map') throw damaged('`sops` is no map', metadata.at);
  if (!first || !entryOf(first, 'sops')) throw damaged('the first YAML document has no `sops` part', metadata.at);
  for (const part of parts) visit(part, { Alias: (_, { range }) => refuseAlias(lines.linePos(range?.[0] ?? 0)) });
}

function refuseAlias({ line, col }: { readonly line: number; readonly col: number }): never {
  throw damaged('an alias stands for what is written elsewhere, which SOPS writes out', { line, column: col });
}

/** Types are told by us, as Go's YAML has others. */
function parsed(text: string, lines: LineCounter): readonly Document.Parsed[] {
  try {
    const options = { lineCounter: lines, schema: 'failsafe', prettyErrors: false, uniqueKeys: false } as const;
    const documents = parseAllDocuments(text, options);
    return 'empty' in documents ? [] : documents;
  } catch (error) {
    throw error instanceof RangeError ? damaged('the YAML is nested too deeply') : error;
  }
}

function withoutMetadata(map: SopsMap): SopsMap {
  return { ...map, entries: map.entries.filter((entry) => entry.kind === 'comment' || entry.key !== 'sops') };
}
