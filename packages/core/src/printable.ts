/** What steers a terminal, or ends a line for somebody: control characters and those that turn the direction of a text. */
const CONTROL = /[\p{Cc}\p{Bidi_Control}\p{Zl}\p{Zp}]+/gu;
const CONTROL_IN_LINES = /[[\p{Cc}\p{Bidi_Control}\p{Zl}\p{Zp}]--[\t\n]]+/gv;

/** The text as one line, with a blank for what could end that line or steer a terminal. */
export function oneLine(text: string): string {
  return text.replace(CONTROL, ' ');
}

/** The text in the lines it has, with a blank for all else that could steer a terminal. */
export function printable(text: string): string {
  return text.replaceAll('\r\n', '\n').replace(CONTROL_IN_LINES, ' ');
}
