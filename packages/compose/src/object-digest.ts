import { createHash } from 'node:crypto';
import { GitopsError } from '@gitops/core';

interface Content {
  /** Relative to the folder. */
  readonly path: string;
  readonly executable: boolean;
  readonly content: Buffer;
}

/** Name of a mounted file under `objects/`: its SHA-256, with an `x` behind it if it is executable. */
export function fileDigest({ content, executable }: Omit<Content, 'path'>): string {
  return sha256(content) + (executable ? 'x' : '');
}

/** Name of a mounted folder under `objects/`; `object_digest` in the host's program computes the same. */
export function folderDigest(files: readonly Content[]): string {
  const odd = files.find(({ path }) => /[\\\n]/.test(path));
  if (odd) throw oddName(odd.path);
  const sorted = [...files].sort((a, b) => Buffer.compare(Buffer.from(a.path), Buffer.from(b.path)));
  const sums = sorted.map(({ content, path }) => `${sha256(content)}  ./${path}\n`);
  const executables = sorted.filter(({ executable }) => executable).map(({ path }) => `./${path}\n`);
  return sha256(Buffer.from([...sums, ...executables].join('')));
}

/** `sha256sum` on the host prints such names in another form. */
function oddName(path: string): GitopsError {
  return new GitopsError('file-name', {
    attempted: `prepare the mounted file ${JSON.stringify(path)}`,
    seen: 'its name holds a backslash or a line break',
    remedy: 'rename it',
  });
}

function sha256(content: Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}
