import * as v from 'valibot';
import { DURATION, durationMs } from './duration.ts';

/*
 * Small values that more than one schema is made of.
 */

/** Text, and not what YAML takes for a number. */
export const text = v.string('write text (in quotes, if it looks like a number or is empty)');

const durationRemedy = 'write a whole number with a unit: `500ms`, `120s`, `2m`, `1h` (24h at most)';
const durationText = v.pipe(
  v.string(durationRemedy),
  v.regex(DURATION, durationRemedy),
  v.check((value) => !(durationMs(value) > 24 * 3_600_000), durationRemedy),
);

/** `2m`, read as milliseconds. */
export const duration = v.pipe(durationText, v.transform(durationMs));

/** The same, and more than zero, before it is read: a description has to come before the reading. */
export const positiveDurationText = v.pipe(
  durationText,
  v.check((value) => durationMs(value) !== 0, 'write more than zero, e.g. `60s`'),
);

/** The same, read as milliseconds. */
export const positiveDuration = v.pipe(positiveDurationText, v.transform(durationMs));

/** A number; quotes make text of it. */
export function numberAs(remedy: string) {
  return v.number(`${remedy}, without quotes`);
}
