import type { Finding } from '@gitops/core';
import { secretFinding } from '../rules.ts';
import { inspectSops, type SopsFile } from '../sops/inspect.ts';
import { SopsError } from '../sops/sops-error.ts';
import { isMeantForSops, isSopsFile } from './is-sops-file.ts';
import { isBinary, type ScannedFile } from './scanned-file.ts';

/** A SOPS file of the tree that could be read without a key. */
export interface OpenedFile {
  readonly path: string;
  readonly text: string;
  readonly sops: SopsFile;
}

/** The SOPS files among files, and what is wrong with those that are none and should be. */
export function openFiles(files: readonly ScannedFile[]): {
  readonly opened: readonly OpenedFile[];
  readonly findings: readonly Finding[];
} {
  const results = files.filter(({ content }) => !isBinary(content)).map(open);
  return {
    opened: results.flatMap((result) => (result !== undefined && 'sops' in result ? result : [])),
    findings: results.flatMap((result) => (result !== undefined && 'rule' in result ? result : [])),
  };
}

function open({ path, content }: ScannedFile): OpenedFile | Finding | undefined {
  const text = content.toString('utf8');
  if (!isSopsFile(path, text) && !isMeantForSops(path, text)) return undefined;
  try {
    return { path, text, sops: inspectSops(text) };
  } catch (error) {
    if (!(error instanceof SopsError)) throw error;
    const { seen, remedy, position } = error;
    return secretFinding('secret/bad-sops', { file: path, ...position }, `this is no whole SOPS file: ${seen}`, remedy);
  }
}
