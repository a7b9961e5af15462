import type { Desired, UploadedFile } from '@gitops/core';
import { entry, type TarEntry } from '@gitops/host';
import { finalFiles } from './hashes.ts';
import type { PinnedStack } from './pin.ts';
import type { StagedStack } from './prepare.ts';
import { folderIn } from './stack-folder.ts';

/** What a release consists of, beside its manifest, which is written when it is confirmed. */
export function releaseFiles(
  staged: readonly StagedStack[],
  pinned: readonly PinnedStack[],
  desired: Desired,
  upload: readonly UploadedFile[],
): readonly TarEntry[] {
  const composeFiles = new Set(staged.flatMap(({ source }) => source.composeFiles));
  const templates = upload.filter(({ path }) => composeFiles.has(path));
  const { data, dataFolders } = writable(staged);
  return [
    ...pinned.flatMap((each) => finalFiles(`release/${folderIn(desired, each.stack)}`, each)),
    entry('release/projects', lines(desired.stacks)),
    entry('release/images', lines(imagesOf(desired))),
    entry('release/volumes', lines(desired.volumes.filter(({ external }) => !external).map(({ name }) => name))),
    entry('release/objects', lines(desired.objects.map(({ digest }) => digest))),
    ...templates.map(({ path, content }) => ({ path: `release/template/${path}`, content, mode: 0o600 })),
    entry('release/folders', lines(dataFolders)),
    ...data.map(({ path, content, executable }) => ({
      path: `release/data/${path}`,
      content,
      mode: executable ? 0o755 : 0o644,
    })),
  ];
}

/** `ID REFERENCE`, each once: what has to be here for a way back. */
export function imagesOf({ services }: Desired): readonly string[] {
  return [...new Set(services.map(({ imageId, image }) => `${imageId} ${image}`))].sort();
}

/** The content of a stack's `.env`, empty if it has none. */
export function envOf(envFile: string | undefined, upload: readonly UploadedFile[]): Buffer {
  return upload.find(({ path }) => path === envFile)?.content ?? Buffer.alloc(0);
}

function writable(staged: readonly StagedStack[]) {
  return {
    data: staged.flatMap(({ bound }) => bound.data),
    dataFolders: staged.flatMap(({ bound }) => bound.dataFolders),
  };
}

/** A file of one word a line. */
export function lines(words: readonly string[]): string {
  return words.map((word) => `${word}\n`).join('');
}
