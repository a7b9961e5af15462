import { interpolate, type Variables } from '../load/interpolation.ts';
import type { Faults } from './faults.ts';

/** What is wrong with a file of variables, at a line that counts from 1. */
interface EnvFault {
  readonly line: number;
  readonly why: string;
  readonly remedy: string;
}

/** Adds why Compose would not read a file of variables. Nothing of the file is repeated: it may hold secrets. */
export function envFileFaults(file: string, text: string, variables: Variables, faults: Faults): void {
  const fault = new EnvReader(text, variables).read();
  if (!fault) return;
  const { line, why, remedy } = fault;
  faults.add(
    'compose/bad-env-file',
    { place: { file, line, column: 1 } },
    `Compose cannot read this line: ${why}`,
    remedy,
  );
}

const NAME = /^[\p{L}\p{N}_.\-[\]\t\v\f\r \u0085\u00A0]*/u;

/** Reads as Compose does: a name, `=` or `:`, and a value that ends with the line, or with the quote it begins with. */
class EnvReader {
  readonly #variables: Record<string, string>;
  readonly #text: string;
  #at = 0;

  constructor(text: string, variables: Variables) {
    this.#text = text.replaceAll('\r\n', '\n');
    this.#variables = { ...variables };
  }

  read(): EnvFault | undefined {
    for (;;) {
      this.#skip(/^(?:\s|#[^\n]*(?:\n|$))*/);
      if (this.#at >= this.#text.length) return undefined;
      const start = this.#at;
      const fault = this.#statement();
      if (fault) return { ...fault, line: this.#text.slice(0, start).split('\n').length };
    }
  }

  #statement(): Omit<EnvFault, 'line'> | undefined {
    this.#skip(/^export\s+/);
    const name = NAME.exec(this.#text.slice(this.#at))?.[0] ?? '';
    this.#at += name.length;
    const end = this.#text.charAt(this.#at);
    if (end !== '' && !'=:\n'.includes(end)) {
      return { why: `a name holds \`${end}\``, remedy: 'use letters, digits, `_`, `.` and `-` in names' };
    }
    if (name.trim().includes(' '))
      return { why: 'a name holds a space', remedy: 'write `NAME=value`, one on each line' };
    this.#at += 1;
    return end === '\n' || end === '' ? undefined : this.#value(name.trim());
  }

  #value(name: string): Omit<EnvFault, 'line'> | undefined {
    this.#skip(/^[\t\v\f\r \u0085\u00A0]*/);
    const rest = this.#text.slice(this.#at);
    const quoted = /^'(?:[^'\\]|\\[\s\S])*'|^"(?:[^"\\]|\\[\s\S])*"/.exec(rest)?.[0];
    if (quoted === undefined && /^["']/.test(rest)) return { why: 'its quote does not end', remedy: 'end the quote' };
    const value = quoted ?? /^[^\n]*/.exec(rest)?.[0] ?? '';
    this.#at += value.length;
    return value.startsWith("'") ? undefined : this.#template(name, quoted ? value.slice(1, -1) : value);
  }

  #template(name: string, value: string): Omit<EnvFault, 'line'> | undefined {
    const { text, faults } = interpolate(value.split(' #', 1)[0] ?? '', this.#variables);
    this.#variables[name] ??= text;
    const fault = faults.find(({ kind }) => kind !== 'unset');
    if (!fault) return undefined;
    if (fault.kind === 'required') return { why: 'a variable it needs is not set', remedy: 'set it above' };
    return { why: 'a `$` begins no variable', remedy: 'write the value in single quotes, or `$$` for a dollar sign' };
  }

  #skip(pattern: RegExp): void {
    this.#at += pattern.exec(this.#text.slice(this.#at))?.[0].length ?? 0;
  }
}
