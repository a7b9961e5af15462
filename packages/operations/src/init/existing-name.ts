import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ConfigurationError, readGitopsFile } from '@gitops/core';

/**
 * The name in the `gitops.yml` of a folder, to which an environment is added; `undefined` if there is no such file.
 *
 * @throws ConfigurationError for a file that says nothing usable
 */
export async function existingName(directory: string): Promise<string | undefined> {
  const path = join(directory, 'gitops.yml');
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
    throw error;
  });
  if (text === undefined) return undefined;
  const { value, findings } = readGitopsFile(path, text);
  if (!value) throw new ConfigurationError(findings);
  return value.name;
}
