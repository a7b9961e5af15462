/**
 * At most how many ways there are to fit a regular expression to a text of that length, and so how long it may take to see that
 * none does; infinite where something repeats that has a choice itself, as in `(a+)+` or `(a|b)*`.
 */
export function choicesOf(source: string, length: number): number {
  const choices = new Choices(source, length);
  const ways = choices.ofAlternatives(length + 1);
  return choices.hasSteps ? ways * (length + 1) : ways;
}

/**
 * `[^/]+/` and `(/[^/]+)*` go through a path step by step. Where a step ends is no choice, since it ends with what it cannot hold.
 * A separator is no letter, as those may come in two cases, and no `.` that stands for anything.
 */
const STEP = /\[\^\\?(\W|_)\][*+](?:\\\1|(?=[/:,_-])\1)(?![*+?{])/y;
const STEPS = /\((?:\?:)?(?:\\(?=\W)|(?=[/:,_-]))(.)\[\^\\?\1\][*+]\)(?=[*+])/y;
const GROUP = /\((?:\?(?:[:=!]|<[=!]|<\w+>|[a-z-]*:))?/y;
const SINGLE = /\\.|\[\^?(?:\\.|[^\]\\])*\]|[^()|]/sy;
const QUANTIFIER = /(?:([*+?])|\{(\d+)(,?)(\d*)\})\??/y;

/** Go allows no more. */
const MOST_REPEATS = 1000;

class Choices {
  readonly #source: string;
  readonly #length: number;
  #at = 0;
  /** They are no choice, but for each choice before them the text is gone through once more. */
  hasSteps = false;

  constructor(source: string, length: number) {
    this.#source = source;
    this.#length = length;
  }

  /** Up to the end of the group; `starts` is in how many places those can begin that no `^` holds. */
  ofAlternatives(starts: number): number {
    let sum = 0;
    do sum += this.#ofSequence(starts);
    while (this.#take(/\|/y));
    return sum;
  }

  #ofSequence(starts: number): number {
    let product = this.#source[this.#at] === '^' ? 1 : starts;
    while (this.#at < this.#source.length && !/[|)]/.test(this.#source[this.#at] ?? '')) product *= this.#ofPart();
    return product;
  }

  #ofPart(): number {
    if (this.#take(STEP)) {
      this.hasSteps = true;
      return 1;
    }
    const isGroup = !(this.#take(STEPS) ?? this.#take(SINGLE));
    const choices = isGroup ? this.#ofGroup() : 1;
    const quantifier = this.#take(QUANTIFIER);
    if (!quantifier) return choices;
    const { least, most } = boundsOf(quantifier);
    if (choices > 1) return most === Number.POSITIVE_INFINITY ? most : choices ** most * (most - least + 1);
    const lengths = Math.min(most, this.#length) - Math.min(least, this.#length) + 1;
    // A group may be empty, and is tried as often as it says whatever the text.
    return isGroup && most !== Number.POSITIVE_INFINITY ? lengths * most : lengths;
  }

  #ofGroup(): number {
    this.#take(GROUP);
    const choices = this.ofAlternatives(1);
    this.#take(/\)/y);
    return choices;
  }

  #take(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#source) ?? undefined;
    this.#at += found?.[0].length ?? 0;
    return found;
  }
}

function boundsOf([, sign, low, comma, high]: RegExpExecArray): { readonly least: number; readonly most: number } {
  if (sign) return { least: sign === '+' ? 1 : 0, most: sign === '?' ? 1 : Number.POSITIVE_INFINITY };
  const least = Number(low);
  const most = comma ? Number(high || Number.POSITIVE_INFINITY) : least;
  const isTooMany = least > MOST_REPEATS || (most > MOST_REPEATS && most !== Number.POSITIVE_INFINITY);
  return isTooMany ? { least: 0, most: Number.POSITIVE_INFINITY } : { least, most };
}
