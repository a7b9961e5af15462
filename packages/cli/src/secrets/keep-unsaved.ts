import { mkdir, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { encryptSops } from '@gitops/secrets';

/**
 * Encrypts what could not be saved, whatever it is, to the same recipients, and returns the path: beside the file, or where that
 * can't be, in the person's folder of state or the one of temporary files.
 */
export async function keepUnsaved(
  file: string,
  edited: Buffer,
  recipients: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<string> {
  const encrypted = await encryptSops(edited, { format: 'binary', recipients });
  const state = join(env['XDG_STATE_HOME'] || join(env['HOME'] || homedir(), '.local/state'), 'gitops');
  // Cut, since a name that is too long may be what kept it from being saved.
  const name = basename(file).slice(0, 100);
  const write = (path: string) => writeNumbered(path, encrypted);
  return write(file)
    .catch(() => mkdir(state, { recursive: true, mode: 0o700 }).then(() => write(join(state, name))))
    .catch(() => write(join(tmpdir(), name)));
}

async function writeNumbered(file: string, text: string): Promise<string> {
  for (let number = 1; ; number += 1) {
    const path = `${file}.unsaved${number === 1 ? '' : `-${number}`}`;
    if (await isWritten(path, text)) return path;
  }
}

/** An earlier one is not written over. */
async function isWritten(path: string, text: string): Promise<boolean> {
  try {
    await writeFile(path, text, { flag: 'wx', mode: 0o600 });
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}
