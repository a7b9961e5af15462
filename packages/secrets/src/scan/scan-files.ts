import type { Finding } from '@gitops/core';
import { secretFinding } from '../rules.ts';
import { isEnvFile, isLockFile } from './file-names.ts';
import { withoutIgnored } from './ignored.ts';
import { isSopsFile } from './is-sops-file.ts';
import { literalFindings } from './literal-findings.ts';
import { envFileFinding, keyFileFinding } from './plaintext-file.ts';
import { isBinary, LARGEST_TEXT_BYTES, type ScannedFile, textFile } from './scanned-file.ts';
import { tokenFindings } from './token-findings.ts';

export interface ScanOptions {
  /** Paths of files that Compose reads as env files, beside those whose names say so. */
  readonly envFiles?: ReadonlySet<string>;
}

/**
 * Searches files of a tree for secrets in clear. What a comment switches off is left out; what was not searched is
 * said. No finding holds a value.
 */
export async function scanFiles(files: readonly ScannedFile[], options: ScanOptions = {}): Promise<readonly Finding[]> {
  const searched = files.filter(({ path }) => !isLockFile(path));
  const unsearched = searched.filter(({ content }) => content.length > LARGEST_TEXT_BYTES || isBinary(content));
  const keyFiles = unsearched.flatMap((file) => keyFileFinding(file, true));
  const findings: Finding[] = [];
  for (const file of searched.filter((each) => !unsearched.includes(each))) {
    findings.push(...(await scanText(file, options.envFiles?.has(file.path) ?? isEnvFile(file.path))));
  }
  return [...findings, ...keyFiles, ...unsearchedFinding(unsearched)];
}

async function scanText(scanned: ScannedFile, isEnv: boolean): Promise<readonly Finding[]> {
  const file = textFile(scanned);
  const tokens = await tokenFindings(file);
  const hasKey = tokens.some(({ rule }) => rule === 'secret/private-key');
  const isSops = isSopsFile(file.path, file.text);
  const taken = new Set(tokens.map(({ line }) => line));
  const literals = isSops ? [] : literalFindings(file, isEnv).filter(({ line }) => !taken.has(line));
  const keyFile = hasKey || isSops ? [] : keyFileFinding(scanned, false);
  const envFile = isEnv && !isSops && literals.length + tokens.length > 0 ? [envFileFinding(file.path)] : [];
  return withoutIgnored([...tokens, ...literals, ...keyFile, ...envFile], () => file.text);
}

const SHOWN = 3;

function unsearchedFinding(files: readonly ScannedFile[]): readonly Finding[] {
  const [first] = files;
  if (!first) return [];
  const shown = files.slice(0, SHOWN).map(({ path }) => `\`${path}\``);
  const names = files.length > SHOWN ? [...shown, `${files.length - SHOWN} more`] : shown;
  const message = `not searched for secrets, being no text or larger than ${LARGEST_TEXT_BYTES / 1024 / 1024} MB: ${names.join(', ')}`;
  const remedy = 'nothing to do, if no secret can be in there';
  return [secretFinding('secret/not-searched', { file: first.path }, message, remedy)];
}
