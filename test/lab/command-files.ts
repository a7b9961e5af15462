import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const fileNames = ['OUTPUT', 'STATE', 'ENV', 'PATH', 'STEP_SUMMARY'] as const;
/** GitHub drops a larger summary with an error and keeps the step. */
const maxSummaryBytes = 1024 * 1024;

/** What a step has written to the files that the runner gives it. */
export interface CommandFileResults {
  readonly outputs: Readonly<Record<string, string>>;
  readonly state: Readonly<Record<string, string>>;
  readonly env: Readonly<Record<string, string>>;
  readonly paths: readonly string[];
  /** Markdown; empty if it was larger than 1 MiB, as then GitHub shows nothing. */
  readonly summary: string;
}

/** The files of one step: their variables for its environment, and what they hold afterwards. */
export interface CommandFiles {
  readonly environment: Readonly<Record<string, string>>;
  read(): Promise<CommandFileResults>;
}

/** Creates the empty files in a directory of their own. */
export async function createCommandFiles(directory: string): Promise<CommandFiles> {
  await mkdir(directory, { recursive: true });
  for (const name of fileNames) await writeFile(join(directory, name), '');
  const text = (name: (typeof fileNames)[number]): Promise<string> => readFile(join(directory, name), 'utf8');
  return {
    environment: Object.fromEntries(fileNames.map((name) => [`GITHUB_${name}`, join(directory, name)])),
    read: async () => ({
      outputs: parseKeyValueFile(await text('OUTPUT')),
      state: parseKeyValueFile(await text('STATE')),
      env: parseKeyValueFile(await text('ENV')),
      paths: (await text('PATH')).split('\n').filter(Boolean),
      summary: displayedSummary(await text('STEP_SUMMARY')),
    }),
  };
}

/**
 * Parses `name=value` lines and `name<<delimiter` blocks.
 * @throws Error for a line that is neither and for a block without an end, where GitHub fails the step.
 */
export function parseKeyValueFile(text: string): Record<string, string> {
  const lines = text.split(/\r?\n/);
  const values: Record<string, string> = {};
  while (lines.length > 0) {
    const line = lines.shift() ?? '';
    if (line === '') continue;
    const [, name = '', operator = '', rest = ''] = /^(.*?)(=|<<)(.*)$/.exec(line) ?? [];
    if (name === '') throw new Error(`Invalid format ${JSON.stringify(line)} in a file command`);
    values[name] = operator === '=' ? rest : takeBlock(lines, rest);
  }
  return values;
}

function takeBlock(lines: string[], delimiter: string): string {
  const end = lines.indexOf(delimiter);
  if (end === -1) throw new Error(`Matching delimiter not found ${JSON.stringify(delimiter)} in a file command`);
  return lines
    .splice(0, end + 1)
    .slice(0, -1)
    .join('\n');
}

function displayedSummary(markdown: string): string {
  return Buffer.byteLength(markdown) > maxSummaryBytes ? '' : markdown;
}
