import { Readable } from 'node:stream';
import { GitopsError } from '@gitops/core';
import { pack } from 'tar-stream';

/** A regular file for a tarball. */
export interface TarEntry {
  /** Relative, with `/` between its parts. */
  readonly path: string;
  readonly content: Buffer;
  /** Permission bits, such as 0o644. */
  readonly mode: number;
}

/**
 * Packs files into one tar stream. The same entries give the same bytes: no times, no owners.
 *
 * Long names and names beyond ASCII are in pax headers, which GNU tar and busybox tar read.
 * Folders have no entries of their own; tar makes them.
 *
 * @throws GitopsError `tar-path` if a path would lead out of the folder that the tarball is unpacked in
 */
export function packTar(entries: readonly TarEntry[]): Readable {
  const tar = pack();
  for (const { path, content, mode } of entries) {
    tar.entry({ name: safePath(path), mode, mtime: new Date(0) }, content);
  }
  tar.finalize();
  return Readable.from(tar);
}

function safePath(path: string): string {
  const parts = path.split('/');
  if (parts.includes('') || parts.includes('..') || path.includes('\0')) throw pathError(path);
  return path;
}

function pathError(path: string): GitopsError {
  return new GitopsError('tar-path', {
    attempted: `pack ${JSON.stringify(path)} for the host`,
    seen: 'the path is absolute, has an empty or `..` part, or a NUL',
    remedy: 'name the file relative to the folder that is packed',
  });
}
