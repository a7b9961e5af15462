/** A command as Compose splits it. */
export interface CommandLine {
  readonly words: readonly string[];
  /** What Compose leaves out: everything from a `;`, `&`, `|`, `<` or `>` that stands for itself. */
  readonly left?: string;
}

/**
 * Splits a command that is written as one text, as Compose does: with quotes and backslashes, and without a shell.
 * `undefined` for what it refuses: quotes that do not end, and brackets.
 */
export function splitCommand(text: string): CommandLine | undefined {
  return new Splitter(text).split();
}

type Quote = "'" | '"' | '`' | '$(';

class Splitter {
  readonly #text: string;
  readonly #words: string[] = [];
  /** `undefined` between words. */
  #word: string | undefined;
  #quote: Quote | undefined;
  #isEscaped = false;
  #isRefused = false;

  constructor(text: string) {
    this.#text = text;
  }

  split(): CommandLine | undefined {
    let at = 0;
    for (; at < this.#text.length; at++) {
      const letter = this.#text.charAt(at);
      if (this.#isEnd(letter)) break;
      this.#take(letter);
      if (this.#isRefused) return undefined;
    }
    this.#endWord();
    if (this.#quote !== undefined || this.#isEscaped) return undefined;
    return { words: this.#words, ...(at < this.#text.length && { left: this.#text.slice(at) }) };
  }

  #isEnd(letter: string): boolean {
    const isEnd = ';&|<>'.includes(letter) && this.#quote === undefined && !this.#isEscaped;
    if (isEnd && letter === '>' && /^\d/.test(this.#word ?? '')) this.#word = undefined;
    return isEnd;
  }

  #take(letter: string): void {
    if (this.#isEscaped) {
      this.#isEscaped = false;
      this.#add(letter);
    } else if (letter === '\\' && this.#quote !== "'") {
      this.#isEscaped = true;
    } else if (/[ \t\r\n]/.test(letter) && this.#quote === undefined) {
      this.#endWord();
    } else this.#mark(letter);
  }

  #mark(letter: string): void {
    if ((letter === '"' || letter === "'") && this.#toggle(letter, ['`'])) {
      this.#word ??= '';
      return;
    }
    if (letter === '`') this.#toggle('`', []);
    if (letter === '(' || letter === ')') this.#bracket(letter);
    this.#add(letter);
  }

  /** Begins or ends a quote, unless it stands within another one. */
  #toggle(quote: "'" | '"' | '`', within: readonly Quote[]): boolean {
    if (this.#quote === quote) this.#quote = undefined;
    else if (this.#quote === undefined) this.#quote = quote;
    else return within.includes(this.#quote);
    return true;
  }

  #bracket(letter: string): void {
    if (this.#quote === "'" || this.#quote === '"' || this.#quote === '`') return;
    if (letter === ')') this.#quote = this.#quote === undefined ? '$(' : undefined;
    else if (this.#quote === undefined && this.#word?.endsWith('$')) this.#quote = '$(';
    else this.#isRefused = true;
  }

  #add(letter: string): void {
    this.#word = (this.#word ?? '') + letter;
  }

  #endWord(): void {
    if (this.#word !== undefined) this.#words.push(this.#word);
    this.#word = undefined;
  }
}
