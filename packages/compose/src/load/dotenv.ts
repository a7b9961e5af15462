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
  const variables: Record<string, string> = {};
  for (const [, name, value = ''] of text.replaceAll('\r\n', '\n').matchAll(ENTRY)) {
    if (name !== undefined) variables[name] = readValue(value, { ...variables, ...outer });
  }
  return variables;
}

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
