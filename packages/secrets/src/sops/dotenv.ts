import { unflatten } from './flat-metadata.ts';
import { refuseSecond } from './refuse-second.ts';
import { damaged, type SopsError } from './sops-error.ts';
import type { SopsComment, SopsEntry, SopsTree } from './tree.ts';

/** What the keys of SOPS' own entries begin with. */
export const METADATA_PREFIX = 'sops_';

/**
 * Reads a dotenv file as SOPS does (stores/dotenv): no quotes, no escapes but `\n`, nothing trimmed. What SOPS takes for a name
 * and Compose for more than that is refused, and so is a name that stands twice.
 *
 * @throws SopsError `sops-damaged`
 */
export function readDotenv(text: string): SopsTree {
  const entries = readDotenvEntries(text);
  refuseSecond(entries);
  const isMetadata = (entry: SopsEntry | SopsComment): entry is SopsEntry =>
    entry.kind === 'entry' && entry.key.startsWith(METADATA_PREFIX);
  const metadata = entries.filter(isMetadata);
  return {
    documents: [{ kind: 'map', entries: entries.filter((entry) => !isMetadata(entry)) }],
    metadata: metadata.length === 0 ? undefined : unflatten(metadata, METADATA_PREFIX),
  };
}

/** The lines of a dotenv file, SOPS' own ones among them. */
function readDotenvEntries(text: string): readonly (SopsEntry | SopsComment)[] {
  return text.split('\n').flatMap((line, index) => (line === '' ? [] : readLine(line, index + 1)));
}

/** The file that SOPS would write for these entries, byte for byte. */
export function emitDotenv(entries: readonly (SopsEntry | SopsComment)[]): Buffer {
  return Buffer.concat(entries.flatMap((entry) => [...lineOf(entry), NEWLINE]));
}

const NEWLINE = Buffer.from('\n');

function lineOf(entry: SopsEntry | SopsComment): readonly Buffer[] {
  if (entry.kind === 'comment') return [Buffer.from(`#${entry.text}`)];
  const { key, value } = entry;
  if (value.kind !== 'scalar') throw damaged(`\`${key}\` is no single value`, entry.at);
  return [Buffer.from(`${key}=`), value.bytes ? escaped(value.bytes) : Buffer.from(value.text.replaceAll('\n', '\\n'))];
}

/** Bytes that need not be UTF-8. */
function escaped(bytes: Buffer): Buffer {
  return Buffer.from(bytes.toString('latin1').replaceAll('\n', '\\n'), 'latin1');
}

function readLine(text: string, line: number): SopsEntry | SopsComment {
  if (text.startsWith('#')) return { kind: 'comment', text: text.slice(1), at: { line, column: 1 } };
  const equals = text.indexOf('=');
  if (equals === -1) throw damaged('the line is neither `NAME=value` nor a comment', { line, column: 1 });
  const key = text.slice(0, equals);
  if (!NAME.test(key)) throw noName(key, line);
  const value = text.slice(equals + 1).replaceAll('\\n', '\n');
  return {
    kind: 'entry',
    key,
    at: { line, column: 1 },
    value: { kind: 'scalar', type: 'str', text: value, at: { line, column: equals + 2 } },
  };
}

const NAME = /^[A-Za-z_][A-Za-z0-9_.-]*$/;

/** `A: evil #=` has a long name and an empty value for SOPS, whose MAC covers neither, and the value `evil` for Compose. */
function noName(key: string, line: number): SopsError {
  // What follows the name may be a value.
  const [, name] = /^\s*(?:export\s+)?([A-Za-z_][A-Za-z0-9_.-]*)(?:[:\s]|$)/.exec(key) ?? [];
  const seen =
    name === undefined
      ? 'what stands before the `=` is no name'
      : `more than the name \`${name}\` stands before the \`=\``;
  return damaged(`${seen}; a line is \`NAME=value\`, without spaces or \`export\``, { line, column: 1 });
}
