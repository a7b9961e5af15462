import type { SopsComment, SopsEntry, SopsList, SopsMap, SopsNode } from '../tree.ts';
import { keyText, STEP, scalarText } from './scalar-text.ts';

/** Writes documents as SOPS does (stores/yaml, with Go's yaml.v3): indented by four, in block style, comments in place. */
export function emitYaml(documents: readonly SopsMap[]): string {
  return documents.map((document) => `${mapLines(document, 0).join('\n')}\n`).join('---\n');
}

/** Everything but what stands behind a dash goes to the next multiple of four. */
function deeper(indent: number): number {
  return STEP * Math.floor((indent + STEP) / STEP);
}

/** What stands behind a dash is two deeper than the dash. */
const BEHIND_DASH = 2;

function mapLines(map: SopsMap, indent: number): readonly string[] {
  if (!map.entries.some(({ kind }) => kind === 'entry')) return [...map.entries.flatMap(commentLines(indent)), '{}'];
  return withInline(map.entries).flatMap(({ part, inline }) =>
    part.kind === 'comment' ? commentLines(indent)(part) : entryLines(part, inline, indent),
  );
}

function entryLines({ key, value }: SopsEntry, inline: string, indent: number): readonly string[] {
  const head = `${' '.repeat(indent)}${keyText(key)}:`;
  const [first, ...rest] = valueLines(value, inline, indent, deeper(indent));
  return first === undefined ? [head] : [`${head}${first}`, ...rest];
}

/** What follows behind the colon or the dash, and the lines below it. */
function valueLines(node: SopsNode, inline: string, indent: number, below: number): readonly string[] {
  if (node.kind === 'map') return isEmpty(node.entries) ? [' {}'] : ['', ...mapLines(node, below)];
  if (node.kind === 'list') return isEmpty(node.items) ? [' []'] : ['', ...listLines(node, below)];
  const text = scalarText(node, below - indent);
  if (typeof text === 'string') return [` ${text}${inline}`];
  return [` ${text.head}${inline}`, ...text.lines.map((line) => (line === '' ? '' : ' '.repeat(below) + line))];
}

function listLines(list: SopsList, indent: number): readonly string[] {
  return withInline(list.items).flatMap(({ part, inline }) =>
    part.kind === 'comment' ? commentLines(indent)(part) : itemLines(part, inline, indent),
  );
}

/** The comments that an item begins with stand above its dash. */
function itemLines(node: SopsNode, inline: string, indent: number): readonly string[] {
  const dash = `${' '.repeat(indent)}-`;
  const inside = indent + BEHIND_DASH;
  const [first = '', ...rest] = valueLines(node, inline, indent, inside);
  if (first !== '') return [`${dash}${first}`, ...rest];
  const unindented = rest.map((line) => line.slice(inside));
  const start = unindented.findIndex((line) => !line.startsWith('#'));
  const comments = unindented.slice(0, start).map((line) => ' '.repeat(indent) + line);
  return [...comments, `${dash} ${unindented[start]}`, ...rest.slice(start + 1)];
}

function isEmpty(parts: readonly (SopsNode | SopsEntry | SopsComment)[]): boolean {
  return parts.length === 0;
}

function commentLines(indent: number) {
  return (part: SopsComment | SopsEntry | SopsNode): readonly string[] =>
    part.kind === 'comment' ? [`${' '.repeat(indent)}#${part.text}`] : [];
}

interface Part<Value> {
  readonly part: Value | SopsComment;
  /** A comment that goes behind the value. */
  readonly inline: string;
}

/** Puts inline comments behind the value that follows them. */
function withInline<Value extends SopsEntry | SopsNode>(
  parts: readonly (Value | SopsComment)[],
): readonly Part<Value>[] {
  const result: Part<Value>[] = [];
  let inline = '';
  for (const part of parts) {
    if (part.kind === 'comment' && part.isInline) inline = ` #${part.text}`;
    else {
      result.push({ part, inline: part.kind === 'comment' ? '' : inline });
      if (part.kind !== 'comment') inline = '';
    }
  }
  return result;
}
