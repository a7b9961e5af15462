import { chmod, lstat, mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { GitopsError } from '@gitops/core';
import type { DraftFile } from './draft.ts';

/** What becomes of the files of a draft in a folder that may hold some already. */
export interface Placement {
  /** Are not there yet. */
  readonly fresh: readonly DraftFile[];
  /** Are there with this very content, as after an `init` that ended early. */
  readonly same: readonly DraftFile[];
  /** Are there with other content and stay as they are. */
  readonly kept: readonly DraftFile[];
}

/**
 * Compares a draft with what is there; changes nothing.
 *
 * @throws GitopsError `exists` naming every file that is in the way: nothing that exists is ever overwritten
 */
export async function placeDraft(directory: string, files: readonly DraftFile[]): Promise<Placement> {
  const states = await Promise.all(files.map(async (file) => [file, await stateOf(directory, file)] as const));
  const having = (wanted: State) => states.filter(([, state]) => state === wanted).map(([file]) => file);
  const inTheWay = having('other').filter(({ optional }) => !optional);
  if (inTheWay.length > 0) throw exists(directory, inTheWay);
  return { fresh: having('absent'), same: having('same'), kept: having('other') };
}

/** Writes files that are not there; one that has come up in between is an error and stays. */
export async function writeDraft(directory: string, files: readonly DraftFile[]): Promise<void> {
  for (const { path, content, executable, secret } of files) {
    const place = join(directory, path);
    await mkdir(dirname(place), { recursive: true });
    await writeFile(place, content, { flag: 'wx', mode: secret ? 0o600 : 0o644 });
    if (executable) await chmod(place, secret ? 0o700 : 0o755);
  }
}

type State = 'absent' | 'same' | 'other';

async function stateOf(directory: string, { path, content }: DraftFile): Promise<State> {
  const place = join(directory, path);
  const found = await lstat(place).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (!found) return 'absent';
  return found.isFile() && content.equals(await readFile(place)) ? 'same' : 'other';
}

function exists(directory: string, files: readonly DraftFile[]): GitopsError {
  return new GitopsError('exists', {
    attempted: `write the repository into ${directory}`,
    seen: `${files.map(({ path }) => path).join(', ')} already there with other content`,
    remedy: 'nothing was written; choose another --environment, move these files away, or go on with `gitops plan`',
  });
}
