import { emitDotenv, METADATA_PREFIX, readDotenv } from './dotenv.ts';
import { flatten } from './flat-metadata.ts';
import { emitJson } from './json/emit-json.ts';
import { readJson } from './json/read-json.ts';
import { SopsError } from './sops-error.ts';
import type { SopsFormat } from './sops-format.ts';
import { entry, entryOf, type SopsMap, type SopsTree, scalar } from './tree.ts';
import { emitYaml } from './yaml/emit-yaml.ts';
import { readYaml } from './yaml/read-yaml.ts';

/** How one format is read and written. */
interface Store {
  /** Reads an encrypted file, and for all but binary a plaintext one. Throws SopsError `sops-damaged`. */
  read(text: string): SopsTree;
  /** What SOPS writes for these documents. */
  emit(documents: readonly SopsMap[]): Buffer;
  /** The documents with the metadata in them, as the encrypted file has it. */
  withMetadata(documents: readonly SopsMap[], metadata: SopsMap): readonly SopsMap[];
}

/** A `sops` map behind everything else in each document. */
const asMap = (documents: readonly SopsMap[], metadata: SopsMap): readonly SopsMap[] =>
  documents.map(({ entries }) => ({ kind: 'map', entries: [...entries, entry('sops', metadata)] }));

const dotenv: Store = {
  read: readDotenv,
  emit: ([document]) => emitDotenv(document?.entries ?? []),
  withMetadata: (documents, metadata) =>
    documents.map(({ entries }) => ({ kind: 'map', entries: [...entries, ...flatten(metadata, METADATA_PREFIX)] })),
};

const json: Store = {
  read: readJson,
  emit: ([document]) => Buffer.from(document ? emitJson(document) : ''),
  withMetadata: asMap,
};

export const STORES: Readonly<Record<SopsFormat, Store>> = {
  dotenv,
  yaml: { read: readYaml, emit: (documents) => Buffer.from(emitYaml(documents)), withMetadata: asMap },
  json,
  binary: json,
};

/** Reads a plaintext file. Throws SopsError `sops-damaged`, or `sops-unsupported` if SOPS could not keep it. */
export function readPlain(content: Buffer, format: SopsFormat): readonly SopsMap[] {
  if (format === 'binary') return [binaryDocument(content)];
  const { documents, metadata } = readStore(utf8(content), format);
  if (metadata) throw alreadyEncrypted();
  return documents;
}

/** What is wrong with a plaintext is for its author to correct. */
function readStore(text: string, format: SopsFormat): SopsTree {
  try {
    return STORES[format].read(text);
  } catch (error) {
    if (!(error instanceof SopsError) || error.code !== 'sops-damaged') throw error;
    const { seen, position } = error;
    const remedy = `correct it; the file is read as ${format}`;
    throw new SopsError(error.code, { attempted: 'encrypt', seen, remedy, position });
  }
}

/** What a decrypted file is. */
export function emitPlain(documents: readonly SopsMap[], format: SopsFormat): Buffer {
  if (format !== 'binary') return STORES[format].emit(documents);
  const value = documents[0] && entryOf(documents[0], DATA)?.value;
  return value?.kind === 'scalar' ? (value.bytes ?? Buffer.from(value.text)) : Buffer.alloc(0);
}

/** The one value of a binary file. */
const DATA = 'data';

function binaryDocument(content: Buffer): SopsMap {
  return { kind: 'map', entries: [entry(DATA, { ...scalar('str', content.toString()), bytes: content })] };
}

function utf8(content: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(content);
  } catch {
    throw unsupported('it is no UTF-8', 'encrypt it as it is, with `--format binary`');
  }
}

function alreadyEncrypted(): SopsError {
  return unsupported(
    'it has a part that belongs to SOPS',
    'an encrypted file is changed by `gitops secrets edit FILE`',
  );
}

function unsupported(seen: string, remedy: string): SopsError {
  return new SopsError('sops-unsupported', { attempted: 'encrypt', seen, remedy });
}
