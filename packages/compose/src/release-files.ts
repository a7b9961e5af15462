import type { Desired, UploadedFile } from '@gitops/core';
import { entry, type TarEntry } from '@gitops/host';
import type { PinnedStack } from './pin.ts';
import type { StagedStack } from './prepare.ts';
import type { Rendered } from './rendered.ts';
import { stackFolder } from './stack-folder.ts';

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
    ...pinned.flatMap((stack, index) =>
      stackFiles(stackFolder('release', desired, stack.stack), stack, staged[index]?.source.envFile, upload),
    ),
    entry('release/projects', lines(desired.stacks)),
    entry('release/images', lines(imagesOf(desired))),
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
function imagesOf({ services }: Desired): readonly string[] {
  return [...new Set(services.map(({ imageId, image }) => `${imageId} ${image}`))].sort();
}

/** The two files by which Compose brings a stack about, in a folder of their own. */
export function stackFiles(
  folder: string,
  { pinned }: PinnedStack,
  envFile: string | undefined,
  upload: readonly UploadedFile[],
): readonly TarEntry[] {
  const content = upload.find(({ path }) => path === envFile)?.content ?? Buffer.alloc(0);
  return [entry(`${folder}/rendered.yml`, serialise(pinned)), { path: `${folder}/env`, content, mode: 0o600 }];
}

function writable(staged: readonly StagedStack[]) {
  return {
    data: staged.flatMap(({ bound }) => bound.data),
    dataFolders: staged.flatMap(({ bound }) => bound.dataFolders),
  };
}

function lines(words: readonly string[]): string {
  return words.map((word) => `${word}\n`).join('');
}

/** JSON is YAML that no two parsers read differently. */
function serialise(model: Rendered): string {
  return `${JSON.stringify(model, undefined, 2)}\n`;
}
