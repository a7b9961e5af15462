import { posix } from 'node:path';
import type { Finding } from '@gitops/core';
import { secretFinding } from '../rules.ts';
import { inspectSops, type SopsFile } from '../sops/inspect.ts';
import { SopsError } from '../sops/sops-error.ts';
import { sniffSops } from '../sops/sops-format.ts';
import { isBinary, type ScannedFile } from './scanned-file.ts';

/** A SOPS file of the tree that could be read without a key. */
export interface OpenedFile {
  readonly path: string;
  readonly text: string;
  readonly sops: SopsFile;
}

/** `.env.encrypted`, `secrets.enc.yaml`, `app.sops.json`. */
const SAYS_ENCRYPTED =
  /^\.env\.(?:encrypted|enc|sops)$|\.(?:encrypted|enc|sops)\.(?:env|ya?ml|json|txt)$|\.env\.encrypted$/i;
/** What other programs have encrypted, as text. */
const OTHERWISE_ENCRYPTED =
  /^(?:-----BEGIN (?:AGE ENCRYPTED FILE|PGP MESSAGE)|age-encryption\.org\/|\$ANSIBLE_VAULT|U2FsdGVkX1)/;

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
  if (sniffSops(text) === undefined && !isMeantToBe(path, text)) return undefined;
  try {
    return { path, text, sops: inspectSops(text) };
  } catch (error) {
    if (!(error instanceof SopsError)) throw error;
    const { seen, remedy, position } = error;
    return secretFinding('secret/bad-sops', { file: path, ...position }, `this is no whole SOPS file: ${seen}`, remedy);
  }
}

function isMeantToBe(path: string, text: string): boolean {
  return SAYS_ENCRYPTED.test(posix.basename(path)) && text.trim() !== '' && !OTHERWISE_ENCRYPTED.test(text);
}
