import { suggestion } from '@gitops/core';

/** A near word out of the known ones, or else what is to be done. */
export function suggested(word: string, known: readonly string[], otherwise: string): string {
  const near = known.length === 0 || word.length < 3 ? '' : suggestion(word, known);
  return near.startsWith('did you mean') ? near : otherwise;
}
