const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** One whole number and one unit: `500ms`, `120s`, `2m`, `1h`. */
export const DURATION = /^(\d+)(ms|s|m|h)$/;

/** `2m` → 120000. `NaN` for what {@link DURATION} does not match. */
export function durationMs(text: string): number {
  const [, digits, unit] = DURATION.exec(text) ?? [];
  return Number(digits) * (UNITS[unit ?? ''] ?? Number.NaN);
}
