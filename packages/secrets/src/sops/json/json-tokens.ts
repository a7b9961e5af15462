import type { Position } from '@gitops/core';
import { damaged } from '../sops-error.ts';

const BLANK = /[ \t\n\r]*/y;
const STRING = /"(?:[^"\\]+|\\.)*"/y;
const WORD = /true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?/y;

/** The tokens of a JSON text, one after the other. */
export class JsonTokens {
  readonly #text: string;
  #offset = 0;
  #line = 1;
  #lineStart = 0;

  constructor(text: string) {
    this.#text = text;
    this.#pastBlanks();
  }

  /** The place of the next token. */
  position(): Position {
    return { line: this.#line, column: this.#offset - this.#lineStart + 1 };
  }

  isString(): boolean {
    return this.#text[this.#offset] === '"';
  }

  /** Goes past a sign if it is the next token. */
  skip(sign: string): boolean {
    if (this.#text[this.#offset] !== sign) return false;
    this.#offset += 1;
    this.#pastBlanks();
    return true;
  }

  expect(sign: string): void {
    if (!this.skip(sign)) throw damaged(`this is no JSON: \`${sign}\` is missing`, this.position());
  }

  expectEnd(): void {
    if (this.#offset < this.#text.length) throw damaged('something follows after the JSON object', this.position());
  }

  string(): string {
    const at = this.position();
    const token = this.#token(STRING, 'a text');
    try {
      return String(JSON.parse(token));
    } catch {
      // Its message would quote the text.
      throw damaged('this is no JSON: a text is not written as it should be', at);
    }
  }

  word(): string {
    return this.#token(WORD, 'a value');
  }

  #token(pattern: RegExp, what: string): string {
    const at = this.position();
    const taken = this.#take(pattern);
    if (taken === '') throw damaged(`this is no JSON: ${what} is missing or not written as it should be`, at);
    this.#pastBlanks();
    return taken;
  }

  #pastBlanks(): void {
    const blanks = this.#take(BLANK);
    const lines = blanks.split('\n');
    if (lines.length === 1) return;
    this.#line += lines.length - 1;
    this.#lineStart = this.#offset - (lines.at(-1) ?? '').length;
  }

  #take(pattern: RegExp): string {
    pattern.lastIndex = this.#offset;
    const taken = pattern.exec(this.#text)?.[0] ?? '';
    this.#offset += taken.length;
    return taken;
  }
}
