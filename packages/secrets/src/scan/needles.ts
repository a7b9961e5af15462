/** A text to find, and what it stands for. */
interface Needle<Meaning> {
  readonly bytes: Buffer;
  readonly meaning: Meaning;
}

interface Match<Meaning> {
  /** Where it begins. */
  readonly offset: number;
  readonly meaning: Meaning;
}

/** Shorter ones would be found everywhere, and take the speed away. */
export const SHORTEST_NEEDLE_BYTES = 8;

const BLOCKS = 65_536;

/**
 * Finds many texts in one pass, however many they are: the algorithm of Wu and Manber (1994) with blocks of two bytes,
 * which looks at about every sixth byte of a haystack.
 */
export class Needles<Meaning> {
  readonly #length: number;
  /** How far the end of the window may move for each block that it may end with. */
  readonly #shifts: Uint8Array;
  /** The needles whose first `#length` bytes end with a block. */
  readonly #byBlock = new Map<number, Needle<Meaning>[]>();

  constructor(needles: readonly Needle<Meaning>[]) {
    const long = needles.filter(({ bytes }) => bytes.length >= SHORTEST_NEEDLE_BYTES);
    this.#length = Math.min(255, ...long.map(({ bytes }) => bytes.length));
    this.#shifts = new Uint8Array(BLOCKS).fill(this.#length - 1);
    for (const needle of long) this.#add(needle);
  }

  #add(needle: Needle<Meaning>): void {
    for (let end = 1; end < this.#length; end++) {
      const block = blockAt(needle.bytes, end);
      const shift = this.#length - 1 - end;
      if (shift < (this.#shifts[block] ?? 0)) this.#shifts[block] = shift;
      if (shift === 0) this.#byBlock.set(block, [...(this.#byBlock.get(block) ?? []), needle]);
    }
  }

  /** Every place of every needle, in the order of the places. */
  *matches(haystack: Buffer): Generator<Match<Meaning>> {
    if (this.#byBlock.size === 0) return;
    for (let end = this.#length - 1; end < haystack.length; ) {
      const block = blockAt(haystack, end);
      const shift = this.#shifts[block] ?? 0;
      if (shift === 0) yield* this.#matchesAt(haystack, end - this.#length + 1, this.#byBlock.get(block) ?? []);
      end += shift || 1;
    }
  }

  *#matchesAt(haystack: Buffer, offset: number, needles: readonly Needle<Meaning>[]): Generator<Match<Meaning>> {
    for (const { bytes, meaning } of needles) {
      const end = offset + bytes.length;
      if (end <= haystack.length && haystack.compare(bytes, 0, bytes.length, offset, end) === 0) {
        yield { offset, meaning };
      }
    }
  }
}

/** The two bytes that end at an index. */
function blockAt(bytes: Buffer, end: number): number {
  return ((bytes[end - 1] ?? 0) << 8) | (bytes[end] ?? 0);
}
