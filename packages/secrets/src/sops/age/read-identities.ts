import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { SopsError } from '../sops-error.ts';

/** Age keys and where they came from. */
export interface AgeIdentityText {
  /** One key or a whole key file. */
  readonly text: string;
  /** Its variable or path, for messages. */
  readonly source: string;
}

/**
 * The age keys that `sops` would take here: of SOPS_AGE_KEY, of the file SOPS_AGE_KEY_FILE, and of the file of its habit.
 * None is an empty list.
 *
 * @throws SopsError `sops-no-key` if a file that is named, or is there, can't be read
 */
export async function readAgeIdentities(env: NodeJS.ProcessEnv): Promise<readonly AgeIdentityText[]> {
  const direct = env['SOPS_AGE_KEY'];
  const named = env['SOPS_AGE_KEY_FILE'];
  const texts = [
    direct ? { text: direct, source: 'SOPS_AGE_KEY' } : undefined,
    named ? await readKeyFile(named, true) : undefined,
    await readKeyFile(habitualFile(env), false),
  ];
  return texts.filter((text) => text !== undefined);
}

function habitualFile(env: NodeJS.ProcessEnv): string {
  const home = env['HOME'] ?? homedir();
  const configuration = process.platform === 'darwin' ? 'Library/Application Support' : '.config';
  return join(env['XDG_CONFIG_HOME'] || join(home, configuration), 'sops', 'age', 'keys.txt');
}

async function readKeyFile(path: string, isNamed: boolean): Promise<AgeIdentityText | undefined> {
  try {
    return { text: await readFile(path, 'utf8'), source: path };
  } catch (error) {
    const isMissing = error instanceof Error && 'code' in error && ['ENOENT', 'ENOTDIR'].includes(String(error.code));
    if (isMissing && !isNamed) return undefined;
    throw new SopsError('sops-no-key', {
      attempted: 'decrypt',
      seen: `the key file ${path} can't be read${isMissing ? ': it is not there' : ''}`,
      remedy: isNamed ? 'correct SOPS_AGE_KEY_FILE' : 'let only yourself read it: `chmod 600`',
      cause: error,
    });
  }
}
