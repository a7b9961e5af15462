import { readlink, realpath } from 'node:fs/promises';
import { dirname, isAbsolute, relative, resolve, sep } from 'node:path';
import { PathOutsideError } from '@gitops/core';

/**
 * The real place of a path of the repository, every link on the way followed; `undefined` if there is nothing.
 * Throws `PathOutsideError` if that place is not in the repository. `root` is a real path.
 */
export async function locate(root: string, path: string): Promise<string | undefined> {
  const absolute = resolve(root, path);
  assertInside(root, path, absolute);
  const real = await ignoreMissing(realpath(absolute));
  if (real !== undefined && !isOfRepository(root, real)) throw leadsOutside(path, real);
  return real;
}

/** Where a link leads, relative to the root, also if nothing is there. Throws as {@link locate} does. */
export async function linkTarget(root: string, link: string): Promise<string> {
  const absolute = resolve(root, link);
  const written = await readlink(absolute);
  const target = (await ignoreMissing(realpath(absolute))) ?? resolve(dirname(absolute), written);
  if (!isOfRepository(root, target)) throw leadsOutside(link, written);
  return toPosix(relative(root, target));
}

function assertInside(root: string, path: string, absolute: string): void {
  const isGits = isGitsOwn(path);
  if (isInside(root, absolute) && !isGits) return;
  throw new PathOutsideError(path, {
    attempted: `read \`${path}\``,
    seen: isGits ? "it belongs to git's own data" : 'it is outside of the repository',
    remedy: 'name a file of the repository',
  });
}

function leadsOutside(link: string, target: string): PathOutsideError {
  return new PathOutsideError(link, {
    attempted: `follow \`${link}\``,
    seen: `\`${link}\` leads through a symbolic link to \`${toPosix(target)}\`, outside of the repository`,
    remedy: 'link to a file of the repository, or put the file itself there',
  });
}

/** Also without git's own data: .git/config can hold the token of the checkout. */
function isOfRepository(root: string, absolute: string): boolean {
  return isInside(root, absolute) && !isGitsOwn(relative(root, absolute));
}

function isGitsOwn(path: string): boolean {
  return path.split(/[\\/]/).includes('.git');
}

function isInside(root: string, absolute: string): boolean {
  const path = relative(root, absolute);
  return path !== '..' && !path.startsWith(`..${sep}`) && !isAbsolute(path);
}

function toPosix(path: string): string {
  return path.replaceAll(sep, '/');
}

/** A link that leads to itself leads to nothing. */
const NOTHING_THERE: ReadonlySet<unknown> = new Set(['ENOENT', 'ENOTDIR', 'ELOOP']);

/** `undefined` in place of a file system error which says that there is no such file. */
export async function ignoreMissing<Value>(promise: Promise<Value>): Promise<Value | undefined> {
  try {
    return await promise;
  } catch (error) {
    if (error instanceof Error && 'code' in error && NOTHING_THERE.has(error.code)) return undefined;
    throw error;
  }
}
