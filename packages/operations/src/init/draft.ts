/** A file that `init` is about to write. */
export interface DraftFile {
  /** Relative to the root of the repository, with `/`. */
  readonly path: string;
  readonly content: Buffer;
  readonly executable: boolean;
  /** Made for secrets, if only by its name: private to its owner, and not for git. */
  readonly secret: boolean;
  /** Files of this name may be there for reasons of their own (a README): those are left as they are. */
  readonly optional: boolean;
}

/** A text file of our own making. */
export function draftText(path: string, text: string, optional = false): DraftFile {
  return { path, content: Buffer.from(text), executable: false, secret: false, optional };
}
