import { jsonDigits } from '../go-number.ts';
import type { SopsMap, SopsNode, SopsScalar } from '../tree.ts';

/** Writes a map as SOPS does (stores/json, with Go's encoding/json): indented by tabs, without comments, which JSON has not. */
export function emitJson(map: SopsMap): string {
  return `${nodeText(map, '')}\n`;
}

function nodeText(node: SopsNode, indent: string): string {
  if (node.kind === 'scalar') return scalarText(node);
  const inside = `${indent}\t`;
  if (node.kind === 'map') {
    const entries = node.entries.filter((entry) => entry.kind === 'entry');
    return block(
      '{',
      entries.map(({ key, value }) => `${quoted(key)}: ${nodeText(value, inside)}`),
      '}',
      indent,
    );
  }
  const items = node.items.filter((item) => item.kind !== 'comment');
  return block(
    '[',
    items.map((item) => nodeText(item, inside)),
    ']',
    indent,
  );
}

function block(open: string, parts: readonly string[], close: string, indent: string): string {
  if (parts.length === 0) return `${open}${close}`;
  return `${open}\n${parts.map((part) => `${indent}\t${part}`).join(',\n')}\n${indent}${close}`;
}

function scalarText({ type, text }: SopsScalar): string {
  if (type === 'null') return 'null';
  if (type === 'bool') return text.toLowerCase();
  if (type === 'int') return String(BigInt(text));
  if (type === 'float' && Number.isFinite(Number(text))) return jsonDigits(Number(text));
  return quoted(text);
}

/** Go escapes what HTML and JavaScript would take for their own. */
function quoted(text: string): string {
  return JSON.stringify(text.toWellFormed()).replace(/[<>&\u2028\u2029]/g, escaped);
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
