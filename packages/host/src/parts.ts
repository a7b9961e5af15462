/** Splits the answer of a program into its parts: each follows a line `@@name` of its own. */
export function splitParts(answer: string): ReadonlyMap<string, string> {
  const parts = new Map<string, string>();
  const marks = [...answer.matchAll(/^@@(.+)\n/gm)];
  for (const [index, mark] of marks.entries()) {
    const end = marks[index + 1]?.index ?? answer.length;
    parts.set(mark[1] ?? '', answer.slice(mark.index + mark[0].length, end).replace(/\n$/, ''));
  }
  return parts;
}
