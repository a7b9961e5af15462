import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

const folder = join(import.meta.dirname, '..', 'docs', 'rules');

/** A block of a page between fences. */
export interface Block {
  /** The word behind the fence: `yaml`, `sh`, `text`. */
  readonly language: string;
  /** With a line break at its end. */
  readonly text: string;
}

/** A page of `docs/rules/`. */
export interface RulePage {
  readonly text: string;
  /** What it shows before it says why that matters: files or a command, and what is printed. */
  readonly seen: readonly Block[];
  /** What it shows as the remedy. */
  readonly mended: readonly Block[];
}

/** The names of all pages, those that are of no rule included. */
export async function pageNames(): Promise<readonly string[]> {
  return (await readdir(folder)).sort();
}

export async function readPage(name: string): Promise<RulePage> {
  const text = await readFile(join(folder, name), 'utf8');
  const [before = '', after = ''] = text.split('**How to mend it.**');
  return { text, seen: blocksOf(before), mended: blocksOf(after) };
}

/** Blocks that begin with their path in a comment are files, and the comment is their first line. */
export function filesIn(blocks: readonly Block[]): Readonly<Record<string, string>> {
  const named = blocks.map(({ text }) => [/^# (\S*[./]\S*)\n/.exec(text)?.[1], text] as const);
  return Object.fromEntries(named.filter(([path]) => path !== undefined));
}

function blocksOf(text: string): readonly Block[] {
  return [...text.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].map(([, language = '', body = '']) => ({
    language,
    text: body,
  }));
}
