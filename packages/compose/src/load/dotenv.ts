import { interpolate, type Variables } from './interpolation.ts';

const ENTRY =
  /^[^\S\n]*(?:export[^\S\n]+)?([A-Za-z_][\w.-]*)[^\S\n]*[=:][^\S\n]*('[^']*'|"(?:[^"\\]|\\[\s\S])*"|[^\n]*)/gm;
const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' };

/**
 * Reads a `.env` file as Compose does: `export`, comments, single quotes literal, double quotes with escapes, and
 * variables set above. A name without `=` stays unset, since nothing is taken from the environment.
 * https://docs.docker.com/compose/how-tos/environment-variables/variable-interpolation/
 */
export function parseDotenv(text: string, outer: Variables = {}): Variables {
  return readDotenv(text, outer).variables;
}

export interface Dotenv {
  readonly variables: Variables;
  /** The rest was not read: variables made of variables can grow until nothing fits into memory. */
  readonly isOverlong: boolean;
}

/** The same, and whether all of it could be read. */
export function readDotenv(text: string, outer: Variables = {}): Dotenv {
  const variables: Record<string, string> = {};
  let length = 0;
  for (const [, name, value = ''] of text.replaceAll('\r\n', '\n').matchAll(ENTRY)) {
    if (name === undefined) continue;
    const read = readValue(value, { ...variables, ...outer });
    length += read.length;
    if (length > LONGEST) return { variables, isOverlong: true };
    variables[name] = read;
  }
  return { variables, isOverlong: false };
}

/** In characters. Linux takes no more as the environment of a program. */
const LONGEST = 2 * 1024 * 1024;

function readValue(written: string, variables: Variables): string {
  if (/^'[^']*'$/.test(written)) return written.slice(1, -1);
  if (/^"[\s\S]*"$/.test(written)) {
    const unescaped = written.slice(1, -1).replace(/\\([nrt"\\])/g, (_, letter: string) => ESCAPES[letter] ?? letter);
    return interpolate(unescaped, variables).text;
  }
  return interpolate(written.replace(/(?:^|\s)#.*$/, '').trim(), variables).text;
}

/** The text without the variables of these names; all else stays as it is written. */
export function withoutEntries(text: string, names: ReadonlySet<string>): string {
  return text.replace(ENTRY, (written: string, name: string) => (names.has(name) ? '' : written));
}

/**
 * Whether every reader of `.env` files finds the same value for a variable, or none. The first group of files that mentions it
 * counts. Readers differ in quotes, in odd blanks and in what begins a line.
 */
export function isPlainlySet(name: string, groups: readonly (readonly string[])[]): boolean {
  const mentions = groups.map((texts) => texts.flatMap((text) => mentionsOf(name, text)));
  const values = mentions.find((each) => each.length > 0) ?? [];
  return new Set(values).size < 2 && !values.includes(undefined);
}

/** What is said of the variable wherever its name may stand for it; `undefined` where that is no plain line. */
function mentionsOf(name: string, text: string): readonly (string | undefined)[] {
  const mention = new RegExp(`(?<![\\w.\\-[\\]])(?:export)?${name}[^\\w=:]*[=:]`);
  const plain = new RegExp(`^[ \\t]*(?:export[ \\t]+)?${name}[ \\t]*=[ \\t]*(["']?)([\\w./@+-]*)\\1[ \\t]*\\r?$`);
  return text.split('\n').flatMap((line) => {
    // One with a quote may end a value that began above.
    if (!mention.test(line) || /^[ \t]*#[^"']*$/.test(line)) return [];
    return [plain.exec(line)?.[2]];
  });
}
