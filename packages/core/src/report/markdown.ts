/** A Markdown table. Cells may hold any text. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [head, head.map(() => '---'), ...rows.map((row) => row.map(cell))];
  return lines.map((line) => `| ${line.join(' | ')} |`).join('\n');
}

/** A part that is folded until somebody wants it. */
export function details(title: string, body: string): string {
  return `<details><summary>${escapeHtml(title).replace(/\s+/g, ' ')}</summary>\n\n${body}\n\n</details>`;
}

/** Text as it is, in a fence that the text can't close. */
export function fenced(text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}text\n${text}\n${fence}`;
}

/** Text for one cell of a table, or for one line: nothing in it is Markdown or HTML. */
export function cell(text: string): string {
  return escapeHtml(text)
    .replace(/[\\`|[\]*]/g, '\\$&')
    .replace(/\r\n|\r|\n/g, '<br>');
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
