/** A Markdown table. Cells may hold any text. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [head, head.map(() => '---'), ...rows.map((row) => row.map(cell))];
  return lines.map((line) => `| ${line.join(' | ')} |`).join('\n');
}

/** A part that is folded until somebody wants it. */
export function details(title: string, body: string): string {
  return `<details><summary>${inert(title).replace(/\s+/g, ' ')}</summary>\n\n${body}\n\n</details>`;
}

/** Text as it is, in a fence that the text can't close. */
export function fenced(text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}text\n${text}\n${fence}`;
}

/** Text in one line of code, as it is, to be copied. Not for tables, where a `|` would end the cell. */
export function code(text: string): string {
  const line = codeText(text);
  const longest = Math.max(0, ...[...line.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  // A blank on both sides is taken away again; without it a backtick would lengthen the fence, and a blank be lost.
  const padded = line === '' || /^[` ]|[` ]$/.test(line) ? ` ${line} ` : line;
  return `${fence}${padded}${fence}`;
}

/** What `code` shows between its backticks. */
export function codeText(text: string): string {
  return visible(text).replace(/\s+/g, ' ');
}

/**
 * Text for one cell of a table, or for the rest of a line that something else has begun: nothing in it is Markdown or HTML,
 * calls anybody, or leads anywhere.
 */
export function cell(text: string): string {
  return inert(text)
    .replace(/[\\`|[\]*_~]/g, '\\$&')
    .replaceAll('$', '&#36;')
    .replace(/\r\n|\r|\n/g, '<br>');
}

/** A name, in bold: one line, whatever is in it. */
export function bold(name: string): string {
  // Blanks beside the stars would show them.
  return `**${cell(name.replace(/\s+/g, ' ').trim() || 'nameless')}**`;
}

/** Like `cell`, outside of tables: what stands between backticks is shown as code. */
export function prose(text: string): string {
  const parts = text.split(/`([^`\r\n]+)`/);
  return parts.map((part, index) => (index % 2 === 1 ? code(part) : cell(part))).join('');
}

const ZERO_WIDTH_SPACE = '\u200B';

/**
 * What GitHub looks for in texts, whatever escapes are in them: `@name`, `#1`, `GH-1`, `:tada:`, and addresses. A space without
 * width behind the first sign is the only thing that it heeds.
 * https://docs.github.com/en/get-started/writing-on-github/working-with-advanced-formatting/autolinked-references-and-urls
 */
const ACTIVE = /[@#]|(?<![a-z0-9])gh-(?=\d)|:(?=\/\/|[a-z+-][\w+-]*:)|www(?=\.)/gi;

function inert(text: string): string {
  return escapeHtml(visible(text).replace(ACTIVE, `$&${ZERO_WIDTH_SPACE}`));
}

/** Signs that would turn the direction of a line, or steer whatever shows it, as one that is seen. */
function visible(text: string): string {
  return text.toWellFormed().replace(/[\p{Bidi_Control}[\p{Cc}--[\t\n\r]]]/gv, '\uFFFD');
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
