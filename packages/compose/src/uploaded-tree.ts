import type { MountedObject, UploadedFile } from '@gitops/core';
import { fromCompose } from './adopt/definition.ts';
import { fileDigest, folderDigest } from './object-digest.ts';

/** The commit's files as they lie on the host, looked up by the paths that Compose renders. */
export class UploadedTree {
  readonly #root: string;
  readonly #files: readonly UploadedFile[];

  /** `root` is the absolute path on the host; the files have paths relative to it. */
  constructor(root: string, files: readonly UploadedFile[]) {
    this.#root = root;
    this.#files = files;
  }

  /** A rendered path, relative to the root of the repository; `undefined` for a path of the host's own. */
  pathIn(rendered: string): string | undefined {
    const path = fromCompose(rendered);
    if (path === this.#root) return '';
    return path.startsWith(`${this.#root}/`) ? path.slice(this.#root.length + 1) : undefined;
  }

  file(path: string): UploadedFile | undefined {
    return this.#files.find((each) => each.path === path);
  }

  /** All files of a folder, with paths relative to it. */
  below(folder: string): readonly UploadedFile[] {
    const prefix = folder === '' ? '' : `${folder}/`;
    const files = this.#files.filter(({ path }) => path.startsWith(prefix));
    return files.map((file) => ({ ...file, path: file.path.slice(prefix.length) }));
  }

  /** By what the file or folder is known as an object; `undefined` if git has neither. */
  contentAt(path: string): Pick<MountedObject, 'digest' | 'kind'> | undefined {
    const file = this.file(path);
    if (file) return { digest: fileDigest(file), kind: 'file' };
    const files = this.below(path);
    return files.length > 0 ? { digest: folderDigest(files), kind: 'folder' } : undefined;
  }
}
