import type { Finding } from '@gitops/core';
import { secretFinding } from '../rules.ts';
import { inspectSops } from '../sops/inspect.ts';
import { SopsError } from '../sops/sops-error.ts';
import type { OpenedFile } from './opened-file.ts';

export interface OldSecretsOptions {
  readonly rotateAfterMs: number;
  readonly now: Date;
  /** Since when a file has had its data key, where git's history tells. See {@link dataKeySince}. */
  readonly dataKeySince?: (path: string) => Date | undefined;
}

/** Files whose values, or whose data key, nobody has changed for too long. Days are named, not counted, so that a finding stays the same. */
export function oldSecrets({ path: file, sops }: OpenedFile, options: OldSecretsOptions): readonly Finding[] {
  const oldest = options.now.getTime() - options.rotateAfterMs;
  const isOld = (date: Date | undefined): date is Date => date !== undefined && date.getTime() < oldest;
  const changed = new Date(sops.lastModified);
  if (isOld(changed)) {
    const message = `nobody has changed these secrets since ${dayOf(changed)}`;
    const remedy =
      'make new ones where they are used, write them down by `gitops secrets edit FILE`, and give the file a new data key: `sops rotate -i FILE`';
    return [secretFinding('secret/old', { file }, message, remedy)];
  }
  const since = options.dataKeySince?.(file);
  if (!isOld(since)) return [];
  const message = `the file has had the same data key since ${dayOf(since)}: whoever could open it then can open it now`;
  return [secretFinding('secret/old', { file }, message, 'give it a new one: `sops rotate -i FILE`')];
}

function dayOf(date: Date): string {
  return date.toISOString().slice(0, 10);
}

/** What a commit made of a SOPS file. */
export interface SopsVersion {
  readonly text: string;
  readonly committedAt: Date;
}

/**
 * Since when a file has had the data key that it has now: as long as any recipient's encrypted copy of it stays the
 * same, so does the key. `versions` are those of git's history, newest first; undefined if the newest cannot be read.
 */
export function dataKeySince(versions: readonly SopsVersion[]): Date | undefined {
  let since: Date | undefined;
  let wraps: readonly string[] | undefined;
  for (const { text, committedAt } of versions) {
    const older = wrapsOf(text);
    if (wraps && !older.some((wrap) => wraps?.includes(wrap))) break;
    if (older.length === 0) break;
    wraps = older;
    since = committedAt;
  }
  return since;
}

function wrapsOf(text: string): readonly string[] {
  try {
    return inspectSops(text).recipients.map(({ encrypted }) => encrypted.trim());
  } catch (error) {
    if (error instanceof SopsError) return [];
    throw error;
  }
}
