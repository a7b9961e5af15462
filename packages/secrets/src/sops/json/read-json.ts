import type { Position } from '@gitops/core';
import { plainDigits } from '../go-number.ts';
import { refuseSecond } from '../refuse-second.ts';
import { damaged } from '../sops-error.ts';
import { entryOf, type SopsEntry, type SopsMap, type SopsNode, type SopsScalar, type SopsTree } from '../tree.ts';
import { JsonTokens } from './json-tokens.ts';

/**
 * Reads a JSON file as SOPS does (stores/json): every key in its place, integers of 64 bits exact.
 * `JSON.parse` would move keys that look like integers, and take the last of two that are the same.
 *
 * @throws SopsError `sops-damaged`
 */
export function readJson(text: string): SopsTree {
  const root = readJsonMap(text);
  const metadata = entryOf(root, 'sops');
  if (metadata && metadata.value.kind !== 'map') throw damaged('`sops` is no object', metadata.at);
  const entries = root.entries.filter((entry) => entry.kind === 'comment' || entry.key !== 'sops');
  return {
    documents: [{ kind: 'map', entries }],
    metadata: metadata?.value.kind === 'map' ? metadata.value : undefined,
  };
}

/** The object that the text holds. */
function readJsonMap(text: string): SopsMap {
  const tokens = new JsonTokens(text);
  const at = tokens.position();
  const root = readValue(tokens, 0);
  if (root.kind !== 'map') throw damaged('the file holds no JSON object', at);
  tokens.expectEnd();
  return root;
}

/** Deeper than any file of a person; a hostile one shall not exhaust the stack. */
const DEEPEST = 500;

function readValue(tokens: JsonTokens, depth: number): SopsNode {
  if (depth > DEEPEST) throw damaged('the JSON is nested too deeply', tokens.position());
  if (tokens.skip('{')) return { kind: 'map', entries: readEntries(tokens, depth) };
  if (tokens.skip('[')) return { kind: 'list', items: readItems(tokens, depth) };
  return readScalar(tokens);
}

function readEntries(tokens: JsonTokens, depth: number): readonly SopsEntry[] {
  const entries: SopsEntry[] = [];
  if (tokens.skip('}')) return entries;
  do {
    const at = tokens.position();
    const key = tokens.string();
    tokens.expect(':');
    entries.push({ kind: 'entry', key, at, value: readValue(tokens, depth + 1) });
  } while (tokens.skip(','));
  tokens.expect('}');
  refuseSecond(entries);
  return entries;
}

function readItems(tokens: JsonTokens, depth: number): readonly SopsNode[] {
  const items: SopsNode[] = [];
  if (tokens.skip(']')) return items;
  do items.push(readValue(tokens, depth + 1));
  while (tokens.skip(','));
  tokens.expect(']');
  return items;
}

function readScalar(tokens: JsonTokens): SopsScalar {
  const at = tokens.position();
  if (tokens.isString()) return scalar('str', tokens.string(), at);
  const word = tokens.word();
  if (word === 'true') return scalar('bool', 'True', at);
  if (word === 'false') return scalar('bool', 'False', at);
  if (word === 'null') return scalar('null', '', at);
  return isInt64(word) ? scalar('int', String(BigInt(word)), at) : scalar('float', plainDigits(Number(word)), at);
}

/** Releases of SOPS that made every number a float64 wrote the rounded digits, so reading them exactly is right for these too. */
function isInt64(word: string): boolean {
  return /^-?\d+$/.test(word) && BigInt.asIntN(64, BigInt(word)) === BigInt(word);
}

function scalar(type: SopsScalar['type'], text: string, at: Position): SopsScalar {
  return { kind: 'scalar', type, text, at };
}
