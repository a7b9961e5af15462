import { type Document, LineCounter, parseAllDocuments } from 'yaml';
import { damaged } from '../sops-error.ts';
import { entryOf, type SopsMap, type SopsTree } from '../tree.ts';
import { commentPositions } from './comment-positions.ts';
import { YamlReading } from './yaml-reading.ts';

/**
 * Reads a YAML file as SOPS does (stores/yaml): all documents, comments among the keys, aliases written out.
 *
 * @throws SopsError `sops-damaged`
 */
export function readYaml(text: string): SopsTree {
  const documents = readYamlDocuments(text);
  const metadata = documents.map((document) => entryOf(document, 'sops')).find((entry) => entry !== undefined);
  if (metadata && metadata.value.kind !== 'map') throw damaged('`sops` is no map', metadata.at);
  return {
    documents: documents.map(withoutMetadata),
    metadata: metadata?.value.kind === 'map' ? metadata.value : undefined,
  };
}

/** The documents with all of their entries. */
export function readYamlDocuments(text: string): readonly SopsMap[] {
  const lines = new LineCounter();
  const documents = parsed(text, lines);
  const comments = commentPositions(text, lines);
  return documents.map((document) => new YamlReading(document, lines, comments).root());
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
