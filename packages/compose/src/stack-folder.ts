import type { Desired } from '@gitops/core';

/** Where a stack's own files lie below `releases/`: in the release itself while it has only one. */
export function stackFolder(release: string, { stacks }: Pick<Desired, 'stacks'>, stack: string): string {
  return stacks.length > 1 ? `${release}/stacks/${stack}` : release;
}
