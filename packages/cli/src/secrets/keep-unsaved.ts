import { writeFile } from 'node:fs/promises';
import { encryptSops } from '@gitops/secrets';

/** Encrypts what could not be saved, whatever it is, to the same recipients, and returns the path beside the file. */
export async function keepUnsaved(file: string, edited: Buffer, recipients: readonly string[]): Promise<string> {
  const encrypted = await encryptSops(edited, { format: 'binary', recipients });
  for (let number = 1; ; number += 1) {
    const path = `${file}.unsaved${number === 1 ? '' : `-${number}`}`;
    if (await isWritten(path, encrypted)) return path;
  }
}

/** An earlier one is not written over. */
async function isWritten(path: string, text: string): Promise<boolean> {
  try {
    await writeFile(path, text, { flag: 'wx' });
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}
