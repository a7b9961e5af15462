import { isPlaceholder, isSecretLiteral, looksRandom } from './literal.ts';

/** `${NAME:-value}` and its forms without colon or with `=`. */
const DEFAULT = /(?<!\$)\$\{([A-Za-z_]\w*):?[-=]([^{}\n]{3,500})\}/g;
/** Random by nature, and public. */
const PUBLIC = /sha|commit|digest|hash|version|revision|tag|image|uuid|fingerprint|ref$/i;

interface DefaultValue {
  readonly name: string;
  readonly offset: number;
}

/** Where a text has secrets as values that are taken when a variable is not set. */
export function secretDefaults(text: string): readonly DefaultValue[] {
  return [...text.matchAll(DEFAULT)].flatMap(({ index, 1: name = '', 2: value = '' }) => {
    const isRandom = looksRandom(value) && !PUBLIC.test(name) && !isPlaceholder(value);
    return isRandom || isSecretLiteral(name, value) ? [{ name, offset: index }] : [];
  });
}
