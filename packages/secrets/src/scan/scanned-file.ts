import type { Position, YamlFile } from '@gitops/core';

/** A file of the tree to search. */
export interface ScannedFile {
  /** Relative to the root of the repository, with `/`. */
  readonly path: string;
  readonly content: Buffer;
  /** The same file, where somebody has parsed it already. */
  readonly yaml?: YamlFile;
}

/** A file that has text in it, with the place of every character. */
export interface TextFile {
  readonly path: string;
  readonly text: string;
  readonly yaml?: YamlFile;
  positionAt(offset: number): Position;
}

/** Larger files were made by a program, and a search by patterns would hold everything up. */
export const LARGEST_TEXT_BYTES = 4 * 1024 * 1024;

/** Git's own test for a binary file: a zero byte near the beginning. */
const LOOKED_AT_BYTES = 8000;

/** Whether a file holds no text. */
export function isBinary(content: Buffer): boolean {
  return content.subarray(0, LOOKED_AT_BYTES).includes(0);
}

/** What SOPS has encrypted; without brackets in it, so that no row of beginnings takes time without end. */
const SEALED = /ENC\[[^[\]\n]*\]/g;

/** Reads a file as text, with blanks in the place of what SOPS has encrypted. */
export function textFile(file: ScannedFile): TextFile {
  const whole = file.yaml?.text ?? file.content.toString('utf8');
  const text = whole.includes('ENC[') ? whole.replace(SEALED, (sealed) => ' '.repeat(sealed.length)) : whole;
  return { path: file.path, text, ...(file.yaml && { yaml: file.yaml }), positionAt: positionsIn(text) };
}

/** The places of characters. Lines are counted once, when the first place is asked for: most files have nothing to show. */
export function positionsIn(text: string): (offset: number) => Position {
  let starts: readonly number[] | undefined;
  return (offset) => {
    starts ??= lineStarts(text);
    const line = lineAt(starts, offset);
    return { line, column: offset - (starts[line - 1] ?? 0) + 1 };
  };
}

function lineStarts(text: string): readonly number[] {
  const starts = [0];
  for (let end = text.indexOf('\n'); end !== -1; end = text.indexOf('\n', end + 1)) starts.push(end + 1);
  return starts;
}

/** How many lines begin at or before the offset. */
function lineAt(starts: readonly number[], offset: number): number {
  let low = 0;
  let high = starts.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((starts[middle] ?? 0) <= offset) low = middle + 1;
    else high = middle;
  }
  return low;
}
