/** A part of a Compose file. */
export type Definition = Readonly<Record<string, unknown>>;

/** Without the fields that say what Docker does anyway: nothing, empty, no, zero. */
export function given(fields: Definition): Definition {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => !isNothing(value)));
}

function isNothing(value: unknown): boolean {
  if (value === undefined || value === null || value === '' || value === false || value === 0) return true;
  return typeof value === 'object' && Object.keys(value).length === 0;
}

/**
 * A value as it has to be written in a file that Compose reads: Compose takes `$` for a variable and `$$` for `$`. What
 * `docker compose config` prints is written like that already. Names of fields are never interpolated.
 */
export function forCompose<T>(value: T): T;
export function forCompose(value: unknown): unknown {
  if (typeof value === 'string') return value.replaceAll('$', '$$$$');
  if (Array.isArray(value)) return value.map((each) => forCompose(each));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, forCompose(each)]));
}

/** The opposite of `forCompose`: what Compose understands when it reads the text. */
export function fromCompose<T>(value: T): T;
export function fromCompose(value: unknown): unknown {
  if (typeof value === 'string') return value.replaceAll('$$', '$');
  if (Array.isArray(value)) return value.map((each) => fromCompose(each));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, fromCompose(each)]));
}

/** Nanoseconds as Compose writes a duration. */
export function duration(nanoseconds: number): string {
  if (nanoseconds % 1e9 === 0) return nanoseconds === 0 ? '' : `${nanoseconds / 1e9}s`;
  return nanoseconds % 1e6 === 0 ? `${nanoseconds / 1e6}ms` : `${nanoseconds}ns`;
}

/** Bytes as Compose renders them; empty for none. */
export function bytes(size: number): string {
  return size === 0 ? '' : String(size);
}

/** A part of a part; empty where there is none. */
export function asMap(value: unknown): Definition {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}
