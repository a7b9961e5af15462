import { exponentDigits } from '../go-number.ts';
import type { SopsScalar } from '../tree.ts';
import { resolvePlain } from './resolve-scalar.ts';

/** A scalar as Go's yaml.v3 writes it, which SOPS writes with: one line, or a literal block. */
export type ScalarText = string | LiteralBlock;

export interface LiteralBlock {
  /** `|`, with what says how it ends. */
  readonly head: string;
  readonly lines: readonly string[];
}

/** How a value is written; how long the line gets does not matter. */
export function scalarText(scalar: SopsScalar): ScalarText {
  switch (scalar.type) {
    case 'null':
      return 'null';
    case 'bool':
      return scalar.text.toLowerCase();
    case 'int':
      return String(BigInt(scalar.text));
    case 'float':
      return floatText(scalar.text);
    case 'time':
      return scalar.text;
    case 'str':
    case 'bytes':
      return stringText(scalar.text);
  }
}

/** A key is never a block. */
export function keyText(key: string): string {
  const text = stringText(key);
  return typeof text === 'string' ? text : doubleQuoted(key);
}

function floatText(text: string): string {
  const special = { '+Inf': '.inf', '-Inf': '-.inf', NaN: '.nan' }[text];
  return special ?? exponentDigits(Number(text));
}

function stringText(text: string): ScalarText {
  const form = examine(text);
  if (text.includes('\n')) return form.canBeBlock ? literalBlock(text) : doubleQuoted(text);
  if (!readsAsString(text)) return doubleQuoted(text);
  if (form.canBePlain) return text;
  return form.canBeSingleQuoted ? `'${text.replaceAll("'", "''")}'` : doubleQuoted(text);
}

const OLD_BOOLEAN = /^(?:[yYnN]|yes|Yes|YES|on|On|ON|no|No|NO|off|Off|OFF)$/;
const BASE_60 = /^[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?$/;

/** Whether every reader, older ones among them, takes the text for a text without quotes. */
function readsAsString(text: string): boolean {
  return resolvePlain(text).type === 'str' && !OLD_BOOLEAN.test(text) && !BASE_60.test(text);
}

interface Form {
  readonly canBePlain: boolean;
  readonly canBeSingleQuoted: boolean;
  readonly canBeBlock: boolean;
}

const INDICATOR = /^(?:---|\.\.\.|[#,[\]{}&*!|>'"%@`]|[?:](?:[ \t\n]|$)|-(?:[ \t\n]|$))|:(?:[ \t\n]|$)|[ \t\n]#/;
/** Neither printable by YAML nor a tab. */
const UNPRINTABLE = /[^\t\n\x20-\x7e\u00a0-\ud7ff\ue000-\ufefe\uff00-\ufffd\u{10000}-\u{10ffff}]/u;

/** What the text can be written as; the rules of libyaml. */
function examine(text: string): Form {
  const isUnprintable = UNPRINTABLE.test(text);
  const breaksBehindSpace = / [\n\u2028\u2029]/.test(text);
  const canBeSingleQuoted = !isUnprintable && !breaksBehindSpace && !/\t|[\n\u2028\u2029] /.test(text);
  const hasEdges = /^[ \n\u2028\u2029]|[ \n\u2028\u2029]$/.test(text);
  return {
    canBeSingleQuoted,
    canBePlain: canBeSingleQuoted && !hasEdges && !/[\n\u2028\u2029]/.test(text) && !INDICATOR.test(text),
    canBeBlock: !isUnprintable && !breaksBehindSpace && !text.endsWith(' '),
  };
}

const ESCAPES: Readonly<Record<string, string>> = {
  '\0': '\\0',
  '\x07': '\\a',
  '\b': '\\b',
  '\t': '\\t',
  '\n': '\\n',
  '\v': '\\v',
  '\f': '\\f',
  '\r': '\\r',
  '\x1b': '\\e',
  '"': '\\"',
  '\\': '\\\\',
  '\u0085': '\\N',
  '\u2028': '\\L',
  '\u2029': '\\P',
};

function doubleQuoted(text: string): string {
  const characters = [...text].map((character) => ESCAPES[character] ?? escaped(character));
  return `"${characters.join('')}"`;
}

function escaped(character: string): string {
  if (!UNPRINTABLE.test(character)) return character;
  const code = (character.codePointAt(0) ?? 0).toString(16).toUpperCase();
  if (code.length <= 2) return `\\x${code.padStart(2, '0')}`;
  return code.length <= 4 ? `\\u${code.padStart(4, '0')}` : `\\U${code.padStart(8, '0')}`;
}

/** A text that begins with a blank needs to be told how far it is indented. */
function literalBlock(text: string): ScalarText {
  if (/^[ \n]/.test(text)) return doubleQuoted(text);
  const end = text.endsWith('\n\n') ? '+' : text.endsWith('\n') ? '' : '-';
  return { head: `|${end}`, lines: text.replace(/\n$/, '').split('\n') };
}
