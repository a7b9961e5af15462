import type { Position } from '@gitops/core';
import { Lexer, type LineCounter } from 'yaml';

/** Tells where a comment with this text stands, each place once: the parser keeps only the texts. */
export type CommentPositions = (text: string) => Position;

export function commentPositions(source: string, lines: LineCounter): CommentPositions {
  const found = new Map<string, Position[]>();
  let offset = 0;
  for (const token of new Lexer().lex(source)) {
    if (token.startsWith('#')) {
      const { line, col } = lines.linePos(offset);
      const text = token.slice(1);
      found.set(text, [...(found.get(text) ?? []), { line, column: col }]);
    }
    if (!CONTROL.has(token)) offset += token.length;
  }
  return (text) => found.get(text)?.shift() ?? { line: 1, column: 1 };
}

/** What the lexer inserts to say how the next token is to be read. */
const CONTROL: ReadonlySet<string> = new Set(['\u0002', '\u0018', '\u001f']);
