import { exponentDigits } from '../go-number.ts';
import type { SopsScalar } from '../tree.ts';
import { resolvePlain } from './resolve-scalar.ts';

/** A scalar as Go's yaml.v3 writes it, which SOPS writes with: one line, or a literal block. */
type ScalarText = string | LiteralBlock;

interface LiteralBlock {
  /** `|`, with what says how it ends. */
  readonly head: string;
  readonly lines: readonly string[];
}

/** How a value is written whose further lines are indented by `step` more. How long a line gets does not matter. */
export function scalarText(scalar: SopsScalar, step: number): ScalarText {
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
      return stringText(scalar.text, step);
  }
}

/** A key is never a block. */
export function keyText(key: string): string {
  const text = stringText(key, STEP);
  return typeof text === 'string' ? text : doubleQuoted(key);
}

function floatText(text: string): string {
  const special = { '+Inf': '.inf', '-Inf': '-.inf', NaN: '.nan' }[text];
  return special ?? exponentDigits(Number(text));
}

function stringText(text: string, step: number): ScalarText {
  if (text === MERGE) return `!!merge ${MERGE}`;
  const form = examine(text);
  if (text.includes('\n')) return form.canBeBlock ? literalBlock(text, step) : doubleQuoted(text);
  if (!readsAsString(text)) return doubleQuoted(text);
  if (form.canBePlain) return text;
  return form.canBeSingleQuoted ? `'${text.replaceAll("'", "''")}'` : doubleQuoted(text);
}

/** yaml.v3 says of this that it is no text. */
const MERGE = '<<';

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
/** Neither a tab nor printable for yaml.v3, which counts nothing beyond the first 65,536 characters as that. */
const UNPRINTABLE = /[^\t\n\x20-\x7e\u00a0-\ud7ff\ue000-\ufefe\uff00-\ufffd]/u;

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

/** How much deeper a level is. */
export const STEP = 4;

/**
 * A block whose first line begins with a space says by how much it is indented. yaml.v3 always says four there, which makes no
 * YAML behind a dash, and loses line breaks and tabs at the beginning: quotes keep all of that.
 */
function literalBlock(text: string, step: number): ScalarText {
  if (/^[\n\t]/.test(text) || (text.startsWith(' ') && step !== STEP)) return doubleQuoted(text);
  const hint = text.startsWith(' ') ? STEP : '';
  const end = text.endsWith('\n\n') ? '+' : text.endsWith('\n') ? '' : '-';
  return { head: `|${hint}${end}`, lines: text.replace(/\n$/, '').split('\n') };
}
