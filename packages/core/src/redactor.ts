import { cell, codeText } from './report/markdown.ts';

/** Shorter values would shred every text they are taken out of. */
const SHORTEST = 4;

/** Takes secret values out of texts, in every form they may have taken on the way. */
export class Redactor {
  readonly #forms = new Set<string>();

  /** Registers values and returns their forms; too short ones and empty lines are left alone. */
  add(values: readonly string[]): readonly string[] {
    const forms = values.flatMap(formsOf);
    for (const form of forms) this.#forms.add(form);
    return forms;
  }

  /** The text with `***` for every registered value; the longest go first, so that none is left in part. */
  redact(text: string): string {
    const forms = [...this.#forms].sort((a, b) => b.length - a.length);
    return forms.reduce((rest, form) => rest.replaceAll(form, '***'), text);
  }

  /** The value as JSON. Each text is redacted before it is escaped, since an encoded form that is escaped is another one. */
  json(value: unknown): string {
    const redacted = (_: string, each: unknown) => (typeof each === 'string' ? this.redact(each) : each);
    return `${JSON.stringify(value, redacted, 2)}\n`;
  }
}

/** The value and its derived forms: per line, base64, URL-encoded, JSON-escaped, as a cell of a Markdown table. */
export function formsOf(value: string): readonly string[] {
  const lines = value.split('\n').map((line) => line.trim());
  const forms = [value, value.trim(), ...lines].filter((text) => text.length >= SHORTEST).flatMap(encodings);
  return [...new Set(forms)];
}

function encodings(text: string): readonly string[] {
  const base64 = Buffer.from(text).toString('base64');
  const json = JSON.stringify(text).slice(1, -1);
  // Lines are forms of their own; of a short one nothing must be left over.
  const line = text.includes('\n') ? text : text.replace(/\s+/g, ' ');
  return [
    text,
    base64,
    base64.replace(/=+$/, ''),
    encodeURIComponent(text.toWellFormed()),
    json,
    cell(text),
    cell(json),
    line,
    cell(line),
    ...(text.includes('\n') ? [] : [codeText(text)]),
  ];
}

const TELLING = /PASS|PWD|SECRET|TOKEN|KEY|CREDENTIAL|DSN|AUTH|PRIVATE|SALT/i;
const LEAST_SECRET = 6;

/** Values of variables whose name says that they are secret, and the passwords inside of addresses. */
export function secretValues(variables: Readonly<Record<string, string>>): readonly string[] {
  const telling = Object.entries(variables).filter(
    ([name, value]) => TELLING.test(name) && value.length >= LEAST_SECRET,
  );
  const passwords = Object.values(variables).flatMap((value) => /:\/\/[^/\s:@]*:([^@\s]+)@/.exec(value)?.[1] ?? []);
  return [...telling.map(([, value]) => value), ...passwords];
}
