import type { Finding, YamlFile } from '@gitops/core';
import { CST, Lexer } from 'yaml';

/*
 * Compose reads YAML with another parser than we do. Where two parsers may see different documents, a path that we never saw could
 * lead Compose to any file of the host: what `config` reads there comes back in what it prints. So what is not plain is refused.
 */

/**
 * What one of them takes for the end of a line or of the file, or drops: controls, NEL, LS, PS, a byte order mark further down, and
 * the replacement of bytes that are no UTF-8.
 */
const ODD_CHARACTER = /\r(?!\n)|[\p{Cc}--[\t\n\r]]|[\u2028\u2029\uFFFD\uFFFE\uFFFF]|(?<!^)\uFEFF|\p{Cs}/v;

/** `!!str` makes a text of a number; the others are Compose's own. `!!binary` hides a path, `!` a merge. */
const TAGS: ReadonlySet<string> = new Set(['!reset', '!override', '!!str', '!!int', '!!float', '!!bool', '!!null']);

/** Parts of a Compose file that other readers of YAML may understand otherwise. */
export function unclearYaml({ file, text, positionAt }: YamlFile): readonly Finding[] {
  const odd = oddCharacter(text);
  const found = odd === undefined ? oddTokens(text) : [odd];
  return found.map(({ offset, ...fault }) => ({
    rule: 'compose/unclear-yaml',
    severity: 'error',
    file,
    ...positionAt(offset),
    ...fault,
  }));
}

interface Odd extends Pick<Finding, 'message' | 'remedy'> {
  readonly offset: number;
}

function oddCharacter(text: string): Odd | undefined {
  const offset = text.search(ODD_CHARACTER);
  if (offset === -1) return undefined;
  const code = (text.codePointAt(offset) ?? 0).toString(16).toUpperCase().padStart(4, '0');
  const message = `the character U+${code} is not read alike by everything that reads YAML`;
  return { offset, message, remedy: 'remove it, or write it as an escape in double quotes; keep the file in UTF-8' };
}

/** What a directive, a tag and an alias cannot do without; reading all tokens takes as long as a fifth of the parsing. */
const MAY_BE_ODD = /(?:^|\uFEFF)%|[!*]/m;

function oddTokens(text: string): readonly Odd[] {
  if (!MAY_BE_ODD.test(text)) return [];
  const found: Odd[] = [];
  let offset = 0;
  let before: CST.TokenType | null = null;
  let alias: number | undefined;
  for (const source of new Lexer().lex(text)) {
    const type = CST.tokenType(source);
    if (type === 'directive-line') found.push(directive(offset, source));
    if (type === 'tag' && !TAGS.has(source)) found.push(tag(offset, source));
    if (type === 'alias' && before === 'explicit-key-ind') found.push(aliasAsKey(offset));
    if (type === 'map-value-ind' && alias !== undefined) found.push(aliasAsKey(alias));
    if (type !== 'space') alias = type === 'alias' ? offset : undefined;
    if (type !== 'space') before = type;
    if (!isMark(source)) offset += source.length;
  }
  return found;
}

/** The lexer also yields marks that are no part of the text. */
function isMark(source: string): boolean {
  return source === CST.DOCUMENT || source === CST.FLOW_END || source === CST.SCALAR;
}

function directive(offset: number, source: string): Odd {
  return { offset, message: `\`${source.trim()}\` changes how the file is to be read`, remedy: 'remove the line' };
}

function tag(offset: number, source: string): Odd {
  const remedy = 'write the value itself; Compose knows `!reset` and `!override`';
  return { offset, message: `not everything that reads YAML makes the same of the tag \`${source}\``, remedy };
}

function aliasAsKey(offset: number): Odd {
  return { offset, message: 'an alias is used as a key', remedy: 'write the key itself' };
}
