import { closest, distance } from 'fastest-levenshtein';
import * as v from 'valibot';

/**
 * An object that takes its own keys only. Unlike valibot's `strictObject` it reports every unknown key, with a
 * suggestion; the metadata makes the JSON Schema closed too.
 */
export function closedObject<const Entries extends v.ObjectEntries>(
  entries: Entries,
  reserved: readonly string[] = [],
) {
  const known = Object.keys(entries);
  return v.pipe(
    v.looseObject(entries, (issue) => shapeRemedy(issue.path?.at(-1)?.key, entries)),
    v.rawCheck(({ dataset, addIssue }) => {
      const input: object = dataset.value instanceof Object ? dataset.value : {};
      for (const [key, value] of Object.entries(input).filter(([name]) => !known.includes(name))) {
        addIssue({
          message: reserved.includes(key) ? reservedKey(key) : `unknown key \`${key}\` → ${suggestion(key, known)}`,
          path: [{ type: 'object', origin: 'key', input: { ...input }, key, value }],
        });
      }
    }),
    v.metadata({ additionalProperties: false }),
  );
}

/** `did you mean …?` where one of the words is near, else all of them. */
export function suggestion(word: string, known: readonly string[]): string {
  const near = nearest(word, known);
  if (near !== undefined) return `did you mean \`${near}\`?`;
  return `use one of ${known.map((name) => `\`${name}\``).join(', ')}`;
}

/** So many letters of a word stand for it: `warn` for `warning`. */
const SHORTEST_BEGINNING = 4;

/** The word that was probably meant, if one is near enough. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  const begun =
    word.length < SHORTEST_BEGINNING ? undefined : known.find((name) => name.startsWith(word.toLowerCase()));
  if (begun !== undefined) return begun;
  const best = known.length > 0 ? closest(word, known) : undefined;
  const isNear = best !== undefined && distance(word.toLowerCase(), best.toLowerCase()) <= Math.max(2, word.length / 3);
  return isNear ? best : undefined;
}

function reservedKey(key: string): string {
  return `\`${key}\` is reserved, not supported yet → remove it`;
}

function shapeRemedy(missingKey: unknown, entries: v.ObjectEntries): string {
  if (typeof missingKey !== 'string') return `write a mapping with ${wanted(entries).join(', ')}`;
  const schema = entries[missingKey];
  const description = schema && 'pipe' in schema ? v.getDescription(schema) : undefined;
  return description ? `add \`${missingKey}:\`, ${description}` : `add \`${missingKey}:\``;
}

/** What must be there; of what is all optional, everything. */
function wanted(entries: v.ObjectEntries): readonly string[] {
  const required = Object.entries(entries).filter(([, { type }]) => type !== 'optional');
  return (required.length > 0 ? required : Object.entries(entries)).map(([key]) => key);
}
