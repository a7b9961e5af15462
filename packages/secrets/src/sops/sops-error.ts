import { GitopsError, type Position } from '@gitops/core';

/** Why a SOPS file could not be read, decrypted or written. */
export type SopsErrorCode =
  /** The file is none of SOPS, or a part of it that has to be encrypted is not. */
  | 'sops-not-encrypted'
  | 'sops-damaged'
  /** Each value is whole, but they are not those that were there when the file was written. */
  | 'sops-mac-mismatch'
  /** No key was given. */
  | 'sops-no-key'
  /** None of the keys given opens the file. */
  | 'sops-wrong-key'
  /** What was given as a key is none. */
  | 'sops-bad-key'
  /** It is whole, and of a format that is not read for this, whatever the keys. */
  | 'sops-wrong-format'
  /** Nothing here can do it; another program may. */
  | 'sops-unsupported';

/** What a `SopsError` says. Never a key, a ciphertext or a plaintext. */
interface SopsFacts {
  /** What was attempted with the file. */
  readonly attempted: 'read' | 'decrypt' | 'encrypt';
  readonly seen: string;
  readonly remedy: string;
  /** Where in the file. */
  readonly position?: Position | undefined;
  readonly cause?: unknown;
}

/** A SOPS file, or the key to it, is not what it should be. */
export class SopsError extends GitopsError {
  override readonly code: SopsErrorCode;
  /** The path of the file, once somebody has named it. */
  readonly file: string | undefined;
  readonly position: Position | undefined;
  readonly #facts: SopsFacts;

  constructor(code: SopsErrorCode, facts: SopsFacts, file?: string) {
    super(code, { ...facts, attempted: `${facts.attempted} ${place(file, facts.position)}` });
    this.name = 'SopsError';
    this.code = code;
    this.file = file;
    this.position = facts.position;
    this.#facts = facts;
  }

  /** The same error with the file named. */
  inFile(file: string): SopsError {
    return new SopsError(this.code, this.#facts, file);
  }
}

function place(file: string | undefined, position: Position | undefined): string {
  if (file !== undefined)
    return [file, position?.line, position?.column].filter((part) => part !== undefined).join(':');
  return position ? `line ${position.line}, column ${position.column} of the SOPS file` : 'the SOPS file';
}

/** Something is written in the file that SOPS does not write. */
export function damaged(seen: string, position?: Position, cause?: unknown): SopsError {
  const remedy = 'take the last version that could be decrypted from git, and make later changes again by editing it';
  return new SopsError('sops-damaged', { attempted: 'read', seen, remedy, position, cause });
}
