import type { Finding } from '../model.ts';

/** What a commit says of the stacks of one target, as far as it can be read without a host. */
export interface Declared {
  readonly stacks: readonly StackSource[];
  /** The files of all stacks, each once. */
  readonly upload: readonly UploadedFile[];
  /** Content hash of all that goes to the host. */
  readonly inputsDigest: string;
  /** For pulling alone: no part of `inputsDigest`, as a rotated token changes nothing that runs. None if left out. */
  readonly registries?: readonly RegistryLogin[];
}

/** What a registry is told to let us pull. The password is never shown. */
export interface RegistryLogin {
  /** As in image names; `docker.io` is Docker Hub. */
  readonly host: string;
  readonly username: string;
  readonly password: string;
  /** Which key of which file says so, for messages. */
  readonly source: string;
}

/** Which of the uploaded files make a stack. Paths are relative to the root of the repository. */
export interface StackSource {
  readonly name: string;
  /** Where Compose is run. */
  readonly folder: string;
  readonly composeFiles: readonly string[];
  readonly envFile?: string;
  /** Every service that is named, whatever its profile. */
  readonly services: readonly string[];
  /** Where something is written, by its path of keys, for messages about it. */
  readonly positionOf: (path: readonly string[]) => Pick<Finding, 'file' | 'line' | 'column'> | undefined;
}

export interface UploadedFile {
  /** Relative to the root of the repository, with `/`. */
  readonly path: string;
  readonly executable: boolean;
  readonly content: Buffer;
}

export interface Loaded {
  /** `undefined` if the findings hold an error. */
  readonly declared?: Declared;
  /** Values that must not be shown. */
  readonly secrets: readonly string[];
  readonly findings: readonly Finding[];
}
