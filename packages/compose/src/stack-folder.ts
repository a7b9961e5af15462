import type { Desired } from '@gitops/core';

/** Where they lie below `releases/`. */
export function stackFolder(release: string, desired: Pick<Desired, 'stacks'>, stack: string): string {
  return `${release}/${folderIn(desired, stack)}`.replace(/\/$/, '');
}

/** Where a stack's own files lie in a release: at its top while it is the only one, else in a folder of its name. */
export function folderIn({ stacks }: Pick<Desired, 'stacks'>, stack: string): string {
  return stacks.length > 1 ? `stacks/${stack}/` : '';
}
