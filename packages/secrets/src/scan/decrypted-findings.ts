import type { Finding } from '@gitops/core';
import { copiedValueFindings, type DecryptedValue } from './copied-values.ts';
import { type DecryptedDotenv, dotenvDifferences, type ReadDotenv } from './dotenv-differences.ts';
import { withoutIgnored } from './ignored.ts';
import type { ScannedFile } from './scanned-file.ts';

export interface DecryptedFindingsOptions {
  /** Every decrypted value. */
  readonly values: readonly DecryptedValue[];
  /** The decrypted files that Compose reads. */
  readonly dotenvs: readonly DecryptedDotenv[];
  readonly readAsCompose: ReadDotenv;
}

/** What can be said once secrets are decrypted: where else they are written, and what Compose makes of them. */
export function decryptedFindings(
  files: readonly ScannedFile[],
  { values, dotenvs, readAsCompose }: DecryptedFindingsOptions,
): readonly Finding[] {
  const texts = new Map(files.map(({ path, content }) => [path, content]));
  const copies = withoutIgnored(copiedValueFindings(values, files), (file) => texts.get(file)?.toString('utf8'));
  return [...copies, ...dotenvs.flatMap((dotenv) => dotenvDifferences(dotenv, readAsCompose))];
}
