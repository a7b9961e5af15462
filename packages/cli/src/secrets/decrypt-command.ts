import { GitopsError } from '@gitops/core';
import { decryptSops, sopsOnPath } from '@gitops/secrets';
import { EXIT_DONE } from '../exit-code.ts';
import { ageKeys } from './age-keys.ts';
import { gitFate } from './git-fate.ts';
import { naming, readSecretsFile, replaceFile } from './secrets-file.ts';

export interface DecryptOptions {
  readonly output?: string;
}

/** Where a file goes whose content may be no text. */
export interface Bytes {
  write(content: Buffer): unknown;
}

/** `gitops secrets decrypt`: prints what is in a file, since that is what was asked for. */
export async function decryptCommand(
  file: string,
  { output }: DecryptOptions,
  screen: Bytes,
  env = process.env,
): Promise<number> {
  if (output !== undefined) await refuseCommitted(output);
  const text = (await readSecretsFile(file)).toString();
  const keys = await ageKeys(env);
  const { content } = await naming(file, () => decryptSops(text, keys, sopsOnPath(env)));
  if (output === undefined) screen.write(content);
  else await replaceFile(output, content, 0o600);
  return EXIT_DONE;
}

/** Plaintext that git has, or would take with the next `git add`, is one commit away from everybody. */
async function refuseCommitted(path: string): Promise<void> {
  const fate = await gitFate(path);
  if (fate === 'ignored' || fate === 'outside') return;
  throw new GitopsError('input', {
    attempted: `write the decrypted file to ${path}`,
    seen:
      fate === 'tracked'
        ? 'git has a file of that name, and the next commit would hold the secrets'
        : 'git does not ignore that path',
    remedy:
      fate === 'tracked'
        ? 'choose another path, outside of the repository'
        : 'add it to .gitignore, or choose a path outside of the repository',
  });
}
