import type { Entry } from './entry.ts';

/** `NAME=value` or `name: value`, as env files, shells and YAML write it. */
const LINE = /^[^\S\n]*(?:-[^\S\n]+)?(?:export[^\S\n]+)?["']?([A-Za-z_][\w.-]*)["']?[^\S\n]*[=:][^\S\n]*([^\n]*)/;

/** The values of a file that is read line by line: env files, and YAML that no parser takes. */
export function lineEntries(text: string): readonly Entry[] {
  return text.split('\n').flatMap((line, index) => {
    const [whole, name, rest] = LINE.exec(line) ?? [];
    if (whole === undefined || name === undefined || rest === undefined) return [];
    const at = { line: index + 1, column: whole.length - rest.length + 1 };
    return [{ name, value: unquoted(rest.trim()), at }];
  });
}

function unquoted(text: string): string {
  const [, , quoted] = /^(["'])(.*)\1(?:\s+#.*)?$/.exec(text) ?? [];
  // Only the first blank of a row is tried, or long rows would take time without end.
  return quoted ?? text.replace(/(?<!\s)\s+#.*$/, '');
}
