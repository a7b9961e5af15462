import { glob, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';
import { parse } from 'yaml';

const root = join(import.meta.dirname, '..');

const ActionFile = v.object({
  inputs: v.record(
    v.string(),
    v.object({ description: v.string(), required: v.boolean(), default: v.optional(v.string(), '') }),
  ),
  outputs: v.record(v.string(), v.object({ description: v.string() })),
});
type ActionFile = v.InferOutput<typeof ActionFile>;

/** A page that lacks the place where a table belongs. */
export class MissingMarkers extends Error {
  override readonly name = 'MissingMarkers';
}

/** The README of every action, by path from the root, with the tables that its `action.yml` asks for. */
export async function generateReadmes(): Promise<ReadonlyMap<string, string>> {
  const readmes = new Map<string, string>();
  for await (const readme of glob('actions/*/README.md', { cwd: root })) {
    const action = await readFile(join(root, readme, '..', 'action.yml'), 'utf8');
    readmes.set(readme, withTables(await readFile(join(root, readme), 'utf8'), action, readme));
  }
  return readmes;
}

/** Puts the tables of an `action.yml` between the markers of a README. `name` is for the error. */
export function withTables(readme: string, actionYml: string, name: string): string {
  const { inputs, outputs } = v.parse(ActionFile, parse(actionYml));
  const withInputs = replaceBetween(readme, 'inputs: made from action.yml', inputTable(inputs), name);
  return replaceBetween(withInputs, 'outputs: made from action.yml', outputTable(outputs), name);
}

function inputTable(inputs: ActionFile['inputs']): string {
  const rows = Object.entries(inputs).map(([name, input]) => [code(name), defaultText(input), input.description]);
  return table(['Input', 'Default', 'What it says'], rows);
}

function defaultText(input: ActionFile['inputs'][string]): string {
  if (input.required) return '**required**';
  return input.default === '' ? '' : code(input.default);
}

function outputTable(outputs: ActionFile['outputs']): string {
  const rows = Object.entries(outputs).map(([name, { description }]) => [code(name), description]);
  return table(['Output', 'What it says'], rows);
}

/** Puts a text between the markers of a page. `what` is its name and source: `inputs: made from action.yml`. */
export function replaceBetween(page: string, what: string, text: string, name: string): string {
  const [start, end] = [`<!-- ${what} by \`pnpm generate\` -->`, `<!-- end of ${what.split(':')[0]} -->`];
  const [from, to] = [page.indexOf(start), page.indexOf(end)];
  if (from < 0 || to < from) throw new MissingMarkers(`${name} needs the lines ${start} and ${end}`);
  return `${page.slice(0, from + start.length)}\n\n${text}\n\n${page.slice(to)}`;
}

/** A Markdown table. Cells are Markdown. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [head, head.map(() => '---'), ...rows.map((row) => row.map((cell) => cell.replaceAll('|', '\\|')))];
  return lines.map((cells) => `| ${cells.join(' | ')} |`.replaceAll('|  |', '| |')).join('\n');
}

function code(text: string): string {
  return `\`${text}\``;
}

if (import.meta.main) {
  for (const [path, text] of await generateReadmes()) await writeFile(join(root, path), text);
}
