import type { Desired, DesiredService } from '@gitops/core';
import { isFolderOfData } from './lint/data-mounts.ts';
import { type DataMount, everyWritable } from './stranded-data.ts';

/** Places of a service where it would find other data than before, or none. On purpose, perhaps: nothing of it is refused. Pure. */
export function movedDataWarnings(
  before: DesiredService,
  recorded: Desired,
  after: DesiredService,
  desired: Desired,
): readonly string[] {
  const now = new Map(everyWritable(after, desired).map((mount) => [mount.target, mount]));
  return everyWritable(before, recorded)
    .filter(holdsData)
    .flatMap((was) => {
      const mount = now.get(was.target);
      return mount?.source === was.source ? [] : [said(was, mount)];
    });
}

/** The socket of Docker is no data. */
function holdsData({ source, key }: DataMount): boolean {
  return key !== undefined || isFolderOfData({ type: 'bind', source });
}

function said(was: DataMount, now: DataMount | undefined): string {
  const stays = `what it has written stays in ${was.source}`;
  if (!now) return `${was.target} is mounted writable no longer: ${stays}`;
  return `${was.target} moves from ${was.source} to ${now.source}: ${stays}, and is not copied`;
}
