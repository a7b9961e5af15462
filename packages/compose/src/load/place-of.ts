import { posix } from 'node:path';
import type { Reference, ReferenceKind } from './references.ts';

/** Why a path may not be followed. */
export interface PathFault {
  readonly rule: string;
  readonly message: string;
  readonly remedy: string;
}

/** Where a reference leads: into the repository, to the host's own files, or where it must not. */
export type Place =
  | { readonly at: 'repository'; readonly path: string }
  | { readonly at: 'host' }
  | { readonly at: 'fault'; readonly fault: PathFault };

const REMOTE = /^(?:[a-z][a-z0-9+.-]*:\/\/|[\w.-]+@[\w.-]+:|github\.com\/)/i;

/** Judges a path by its words alone. `base` is the folder it is relative to. */
export function placeOf({ kind, path }: Reference, base: string): Place {
  if ((kind === 'include' || kind === 'extends') && REMOTE.test(path)) {
    return fault('compose/remote-file', `\`${path}\` is fetched from elsewhere`, 'put the file into the repository');
  }
  if (path.startsWith('~')) {
    const message = `\`${path}\` depends on the user Compose runs as`;
    return fault('compose/home-path', message, mayBeOfHost(kind) ? 'write the absolute path' : 'write a relative path');
  }
  if (posix.isAbsolute(path)) return mayBeOfHost(kind) ? { at: 'host' } : absolute(path);
  if (kind === 'seccomp') return seccompInRepository(path);
  const place = posix.join(base, path).replace(/\/$/, '');
  if (place !== '..' && !place.startsWith('../')) return { at: 'repository', path: place === '.' ? '' : place };
  return fault('compose/path-outside', `\`${path}\` leaves the repository`, 'name a file of the repository');
}

function mayBeOfHost(kind: ReferenceKind): boolean {
  return kind === 'bind' || kind === 'seccomp';
}

/** Compose renders such a path as it is written, and opens it only when it makes the container. */
function seccompInRepository(path: string): Place {
  const message = `\`${path}\` is a seccomp profile of the repository, and Compose looks for it on the host`;
  return fault('compose/seccomp-profile', message, 'put the profile on the host and write its absolute path');
}

function absolute(path: string): Place {
  const message = `\`${path}\` is an absolute path, which means another file on every machine`;
  return fault('compose/absolute-path', message, 'put the file into the repository and write a relative path');
}

function fault(rule: string, message: string, remedy: string): Place {
  return { at: 'fault', fault: { rule, message, remedy } };
}
