const PLAIN = /^(?:[A-Za-z/][\w./-]*|\d{1,3}(?:\.\d{1,3}){3})$/;
/** Words that some version of YAML takes for something else than text. */
const NOT_TEXT = /^(?:true|false|yes|no|on|off|y|n|null)$/i;

/** A text as a YAML scalar, without quotes where it needs none. */
export function yamlText(text: string): string {
  return PLAIN.test(text) && !NOT_TEXT.test(text) ? text : JSON.stringify(text);
}
