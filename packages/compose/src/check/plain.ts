/** A date, which Compose's YAML reader makes of `2024-01-31` and Compose then knows no use for. */
export class Timestamp {
  readonly written: string;

  constructor(written: string) {
    this.written = written;
  }

  toJSON(): string {
    return this.written;
  }
}

/** What a YAML document says, as Compose's own reader takes it. Containers are never changed once they were made. */
export type Plain = null | boolean | number | string | Timestamp | readonly Plain[] | PlainMap;

export interface PlainMap {
  readonly [key: string]: Plain;
}

/** A mapping while it is being made. */
export type Draft = Record<string, Plain>;

/** A mapping of its own. Objects without prototype would be safer with names such as `constructor`, and 50 times slower. */
export function newMap(entries?: PlainMap): Draft {
  return { ...entries };
}

/** Whether a mapping has a key that somebody wrote. */
export function has(map: PlainMap, key: string): boolean {
  return Object.hasOwn(map, key);
}

export function isMap(value: Plain | undefined): value is PlainMap {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Timestamp);
}

export function isList(value: Plain | undefined): value is readonly Plain[] {
  return Array.isArray(value);
}

/** The mapping that a value is; an empty one for anything else. */
export function mapOf(value: Plain | undefined): PlainMap {
  return isMap(value) ? value : EMPTY;
}

const EMPTY: PlainMap = Object.freeze(newMap());

/** The list that a value is; an empty one for anything else. */
export function listOf(value: Plain | undefined): readonly Plain[] {
  return isList(value) ? value : NOTHING;
}

const NOTHING: readonly Plain[] = [];

/** The text that Go's `fmt.Sprint` makes of a scalar, which is how Compose makes variables and labels of numbers. */
export function goText(value: Plain): string {
  if (typeof value === 'number') return goNumber(value);
  return value === null ? '<nil>' : String(value);
}

/** Of numbers with a fraction Go writes all above 1e+06 and below 1e-04 with an exponent of two digits. */
function goNumber(value: number): string {
  if (Number.isInteger(value) && Math.abs(value) < 1e21) return String(value === 0 ? 0 : value);
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'NaN' : value > 0 ? '+Inf' : '-Inf';
  const hasExponent = Math.abs(value) < 1e-4 || Math.abs(value) >= 1e21 || (Math.abs(value) >= 1e6 && value % 1 !== 0);
  const text = hasExponent ? value.toExponential() : String(value);
  return text.replace(/e([+-])(\d)$/, 'e$10$2');
}
