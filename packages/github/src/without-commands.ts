/** The runner compares texts as a language does: what has neither a form nor a width may stand anywhere in a command. */
const UNSEEN = String.raw`[[\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}]--\p{White_Space}]`;
const BLANK = String.raw`[[\p{White_Space}${UNSEEN}]--[\n\r\u2028\u2029]]`;

const COMMAND = new RegExp(`^(${BLANK}*)(?=:${UNSEEN}*:)`, 'gmv');
const LEGACY_COMMAND = new RegExp(String.raw`#(${UNSEEN}*)(?=#${UNSEEN}*\[)`, 'gv');

/**
 * The text with a backslash where the runner of GitHub would take a line of it for a command: one that begins with `::`,
 * blanks aside, or has `##[` anywhere (`ActionCommand.cs` of actions/runner). Everything else stays as it is.
 */
export function withoutCommands(text: string): string {
  return text.replace(COMMAND, '$1\\').replace(LEGACY_COMMAND, '#$1\\');
}
