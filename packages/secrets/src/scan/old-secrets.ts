import type { Finding } from '@gitops/core';
import { secretFinding } from '../rules.ts';
import type { OpenedFile } from './opened-file.ts';

export interface OldSecretsOptions {
  readonly rotateAfterMs: number;
  readonly now: Date;
}

/** Files whose values nobody has changed for too long. The day is named, and no count of days, so that a finding stays the same. */
export function oldSecrets({ path: file, sops }: OpenedFile, options: OldSecretsOptions): readonly Finding[] {
  const changed = new Date(sops.lastModified);
  if (changed.getTime() >= options.now.getTime() - options.rotateAfterMs) return [];
  const message = `nobody has changed these secrets since ${changed.toISOString().slice(0, 10)}`;
  const remedy =
    'make new ones where they are used, write them down by `gitops secrets edit FILE`, and give the file a new data key: `sops rotate -i FILE`';
  return [secretFinding('secret/old', { file }, message, remedy)];
}
