import type { At } from './at.ts';
import { sourceOf } from './origins.ts';
import { goText, type Plain } from './plain.ts';
import { isOctal } from './scalar-value.ts';

/*
 * Texts are printed by their names alone: what is in a variable may be secret.
 */

/** A number or boolean where a text is meant, of which Compose makes another text than what is written. */
export function warnOfChange(value: Plain, at: At): void {
  if (typeof value !== 'number' && typeof value !== 'boolean') return;
  const written = at.spot ? sourceOf(at.spot) : '';
  if (written === '' || written === goText(value)) return;
  const message = `\`${at.name}\` is no text without quotes: Compose ${changeOf(written)}`;
  at.faults.add('compose/changed-text', at, message, 'write it in quotes');
}

function changeOf(written: string): string {
  if (isOctal(written)) return 'reads it as an octal number and writes it as a decimal one';
  if (/^\d+\.\d*0$|\.$/.test(written)) return 'leaves out the zeros at its end';
  return 'writes it in another way';
}

/** `null` as a word, which means that the variable is taken from those of the project, or else not set at all. */
export function warnOfNull(at: At): void {
  if (!at.spot || sourceOf(at.spot) === '') return;
  const message = `\`${at.name}\` is null: Compose does not set it, unless \`.env\` does`;
  at.faults.add('compose/null-variable', at, message, 'write the text in quotes, or nothing behind the colon');
}
