import { randomUUID } from 'node:crypto';
import { readFile, realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import { GitopsError } from '@gitops/core';
import { SopsError } from '@gitops/secrets';

/** Reads a file that the command line names. Throws `GitopsError` `file-missing`. */
export async function readSecretsFile(file: string): Promise<Buffer> {
  try {
    return await readFile(file);
  } catch (error) {
    const seen =
      error instanceof Error && 'code' in error && error.code === 'ENOENT' ? 'it is not there' : String(error);
    throw new GitopsError('file-missing', {
      attempted: `read ${file}`,
      seen,
      remedy: 'correct the path',
      cause: error,
    });
  }
}

/** Does something with the content of a file, and names the file in what goes wrong with it. */
export async function naming<Value>(file: string, work: () => Promise<Value> | Value): Promise<Value> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof SopsError && error.file === undefined ? error.inFile(file) : error;
  }
}

/** Puts content in the place of a file, whole or not at all; without `mode`, a file that is there keeps its own. */
export async function replaceFile(file: string, content: string | Buffer, mode?: number): Promise<void> {
  const { target, beside } = await placesOf(file);
  try {
    await writeFile(beside, content, { flag: 'wx', mode: mode ?? (await modeOf(target)) });
    await rename(beside, target);
  } catch (error) {
    await rm(beside, { force: true });
    throw error;
  }
}

/** Where a file is, and where its next version is written first. */
async function placesOf(file: string): Promise<{ readonly target: string; readonly beside: string }> {
  const target = await realpath(file).catch(() => file);
  return { target, beside: `${target}.${randomUUID()}.tmp` };
}

/** Makes sure that a file could be replaced. Throws `GitopsError` `not-saved`. */
export async function probeReplacing(file: string): Promise<void> {
  const { beside } = await placesOf(file);
  try {
    await writeFile(beside, '', { flag: 'wx' });
    await rm(beside);
  } catch (cause) {
    const seen = `nothing can be written beside it (${cause instanceof Error ? cause.message : cause})`;
    const remedy = 'make its folder writable for you, or edit a copy elsewhere';
    throw new GitopsError('not-saved', { attempted: `edit ${file}`, seen, remedy, cause });
  }
}

async function modeOf(file: string): Promise<number> {
  const former = await stat(file).catch(() => undefined);
  return former ? former.mode & 0o777 : 0o644;
}
