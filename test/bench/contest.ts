/** Times of one contestant, in milliseconds. */
export interface Times {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

/** Does its work once and returns how long it took, in milliseconds. */
export type Contestant = () => Promise<number>;

/** Enough for a median that one hiccup does not move. */
const ROUNDS = 7;

/**
 * Lets the contestants take turns, so that whatever else the machine does meets all of them; a first round warms up and is
 * not counted.
 */
export async function contest<K extends string>(
  contestants: Readonly<Record<K, Contestant>>,
  rounds = ROUNDS,
): Promise<Record<K, Times>> {
  const measured = new Map<string, number[]>();
  for (let round = 0; round <= rounds; round++) {
    for (const [name, run] of Object.entries<Contestant>(contestants)) {
      const ms = await run();
      if (round > 0) measured.set(name, [...(measured.get(name) ?? []), ms]);
    }
  }
  const times = Object.keys(contestants).map((name) => [name, timesOf(measured.get(name) ?? [])]);
  return Object.fromEntries(times) as Record<K, Times>;
}

/** Median, least and most. */
export function timesOf(list: readonly number[]): Times {
  const sorted = list.toSorted((a, b) => a - b);
  const at = (index: number): number => sorted[index] ?? Number.NaN;
  return { median: at(Math.floor(sorted.length / 2)), min: at(0), max: at(sorted.length - 1) };
}
