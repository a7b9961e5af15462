import { choicesOf } from './expression-choices.ts';
import { SopsError } from './sops-error.ts';

/** A regular expression that somebody wrote who may want this to run for ever. */
export interface Expression {
  /** @throws SopsError `sops-damaged` if that could take too long */
  test(text: string): boolean;
}

const LONGEST_SOURCE = 1000;
/** Mostly some tens of milliseconds, a second at worst. */
const MOST_CHOICES = 1e8;
/** An expression that is too much for such a short text is none to work with. */
const SHORT_TEXT = 32;

const expressions = new Map<string, Expression>();

/**
 * SOPS' expressions are Go's, which take a time in proportion to the text; those of JavaScript may take minutes. Of Go's syntax
 * beyond JavaScript's only leading flags are in use.
 *
 * @throws SyntaxError, or SopsError `sops-damaged` if it could take too long
 */
export function expression(source: string): Expression {
  const known = expressions.get(source);
  if (known) return known;
  const made = bounded(source);
  expressions.set(source, made);
  return made;
}

function bounded(source: string): Expression {
  if (source.length > LONGEST_SOURCE)
    throw tooMuch(`the regular expression has more than ${LONGEST_SOURCE} characters`);
  const [, flags = '', body = source] = /^\(\?([ims]+)\)(.*)$/s.exec(source) ?? [];
  const compiled = new RegExp(body, flags);
  if (choicesOf(body, SHORT_TEXT) > MOST_CHOICES) throw tooMuch(REPEATS);
  return {
    test(text) {
      if (choicesOf(body, text.length) > MOST_CHOICES)
        throw tooMuch(`the regular expression could take minutes for a text of ${text.length} characters`);
      return compiled.test(text);
    },
  };
}

const REPEATS =
  'the regular expression could take minutes: it repeats what has a repetition or a choice in it, such as `(a+)+`, or repeats too often';

function tooMuch(seen: string): SopsError {
  const remedy = 'write it with fewer of `*`, `+`, `?` and `|`, and none inside of another; begin it with `^`';
  return new SopsError('sops-damaged', { attempted: 'read', seen, remedy });
}
