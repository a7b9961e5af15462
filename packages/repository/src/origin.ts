import { resolve } from 'node:path';
import { gitIn } from './git.ts';

/** Where a clone was made from, as its remote `origin` says; `undefined` if it has none. Throws `GitopsError`, as `openRepository`. */
export async function originOf(directory: string): Promise<string | undefined> {
  const git = await gitIn(resolve(directory));
  const remotes = (await git(['remote'])).split('\n');
  return remotes.includes('origin') ? (await git(['remote', 'get-url', 'origin'])).trim() : undefined;
}
