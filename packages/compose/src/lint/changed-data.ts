import type { Finding } from '@gitops/core';
import type { ComposeProject } from '../check/index.ts';
import { UNKNOWN_VALUE } from '../load/interpolation.ts';
import { type DataMount, dataMounts } from './data-mounts.ts';
import { found } from './found.ts';
import { serviceCalled, servicesOf } from './services.ts';

/** Services that would not find their data where they had it. */
export function changedDataFindings(before: ComposeProject, after: ComposeProject): readonly Finding[] {
  return servicesOf(before).flatMap(({ name }) => {
    if (!serviceCalled(after, name)) return [];
    const now = dataMounts(after, name);
    return dataMounts(before, name).flatMap((mount) => fateOf(mount, now, { before, after, service: name }));
  });
}

interface Change {
  readonly before: ComposeProject;
  readonly after: ComposeProject;
  readonly service: string;
}

function fateOf(was: DataMount, now: readonly DataMount[], change: Change): readonly Finding[] {
  const samePlace = now.filter(({ target }) => target === was.target);
  const isSame = ({ source }: DataMount) => source === was.source || source.includes(UNKNOWN_VALUE);
  if (was.source.includes(UNKNOWN_VALUE) || samePlace.some(isSame)) return [];
  if (samePlace[0]) return [elsewhere(was, samePlace[0], change)];
  const moved = now.find(({ source }) => source === was.source);
  return [moved ? movedTarget(was, moved, change) : removed(was, change)];
}

function elsewhere(was: DataMount, now: DataMount, change: Change): Finding {
  const { before, after, service } = change;
  const message = `\`${service}\` finds ${named(now)} at ${was.target}, and its data stays in ${named(was)}`;
  const isRenamed = before.name !== after.name;
  // A deployment refuses this only where the project's name is all that changed for the volume.
  if (isRenamed && was.kind === 'volume' && now.kind === 'volume') {
    const remedy = `write \`name: ${was.source}\` below the volume \`${now.key}\`, or keep the name of the project`;
    return found('compose/stranded-data', after, ['volumes', now.key ?? '', 'name'], message, remedy);
  }
  const remedy =
    now.kind === 'volume' && was.kind === 'volume'
      ? `write \`name: ${was.source}\` below the volume \`${now.key}\` to keep it, or copy it there before`
      : `mount ${was.source} as before, or copy it there before`;
  return found('compose/data-left-behind', after, pathOf(now, service), message, remedy);
}

function movedTarget(was: DataMount, now: DataMount, { after, service }: Change): Finding {
  const message = `\`${service}\` finds ${named(was)} at ${now.target}, where ${was.target} was: the application has to look there`;
  const remedy = `mount it at ${was.target} again, unless the new version expects it at ${now.target}`;
  return found('compose/mount-target-changed', after, pathOf(now, service), message, remedy);
}

function removed(was: DataMount, { after, service }: Change): Finding {
  const message = `\`${service}\` has nothing at ${was.target} any more: what it writes there is lost with its container, and its data stays in ${named(was)}`;
  const remedy = 'mount it again, unless the data is not needed any more; nobody deletes it';
  return found('compose/volume-removed-from-service', after, ['services', service, 'volumes'], message, remedy);
}

function named({ kind, source }: DataMount): string {
  return `the ${kind} ${source}`;
}

function pathOf({ index }: DataMount, service: string): readonly (string | number)[] {
  return ['services', service, 'volumes', index];
}
