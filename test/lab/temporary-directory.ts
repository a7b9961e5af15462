import { rmSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { atExit } from './at-exit.ts';

/** A directory of mode 0700 that goes away with its owner, or at the latest with the process. */
export interface TemporaryDirectory extends AsyncDisposable {
  readonly path: string;
}

/** Creates a fresh directory under the system's temporary directory; `label` is a part of its name. */
export async function createTemporaryDirectory(label: string): Promise<TemporaryDirectory> {
  const path = await mkdtemp(join(tmpdir(), `gitops-${label}-`));
  const forget = atExit(() => rmSync(path, { recursive: true, force: true }));
  return {
    path,
    async [Symbol.asyncDispose]() {
      await rm(path, { recursive: true, force: true });
      forget();
    },
  };
}
