import { posix } from 'node:path';
import type { Finding } from '@gitops/core';
import type { ComposeProject, ServiceModel } from '../check/index.ts';
import { UNKNOWN_VALUE } from '../load/interpolation.ts';
import { type Database, databaseOf, isServer } from './databases.ts';
import { found } from './found.ts';
import { holds } from './host-paths.ts';
import { type NamedService, servicesOf } from './services.ts';

/** Databases whose data is in a volume without a name: Compose hands it from container to container, until one is removed. */
export function anonymousVolumeFindings(project: ComposeProject): readonly Finding[] {
  return servicesOf(project).flatMap((service) => ofService(project, service));
}

function ofService(project: ComposeProject, { name, service }: NamedService): readonly Finding[] {
  const database = service.image && isServer(service) ? databaseOf(service.image) : undefined;
  const folder = database?.dataFolder;
  if (!database || folder === undefined || isKept(service, database, folder)) return [];
  const mounts = service.volumes ?? [];
  const index = mounts.findIndex(({ target }) => target !== undefined && isNear(target, folder));
  const path = ['services', name, ...(index < 0 ? [] : ['volumes', index])];
  const message = `${database.product} keeps its data in ${folder}, and \`${name}\` has nothing mounted there that keeps a name: after its container is removed, nothing finds the data again`;
  const remedy = `mount a volume there: \`${name}-data:${folder}\`, and declare \`${name}-data:\` below \`volumes:\``;
  return [found('compose/anonymous-volume', project, path, message, remedy)];
}

/** A mount that was probably meant for the data: the same place, or one above or below. */
function isNear(target: string, folder: string): boolean {
  return holds(target, folder) || holds(folder, target);
}

function isKept(service: ServiceModel, { dataVariable }: Database, folder: string): boolean {
  const said = dataVariable === undefined ? undefined : service.environment?.[dataVariable];
  // Others may bring it, or its place is known on the host alone.
  if (service.volumes_from || said === null || said?.includes(UNKNOWN_VALUE)) return true;
  const targets = lastingTargets(service);
  if (targets.some((target) => target.includes(UNKNOWN_VALUE))) return true;
  return targets.some((target) => isSame(target, folder) || (said !== undefined && holds(target, said)));
}

/** Where something is mounted that has a name, or that is in memory and lost on purpose. */
function lastingTargets({ volumes = [], tmpfs = [] }: ServiceModel): readonly string[] {
  const lasting = volumes.filter(({ type, source }) => type !== 'volume' || source !== undefined);
  return [...lasting.flatMap(({ target }) => target ?? []), ...tmpfs.map((mount) => mount.replace(/:.*$/, ''))];
}

function isSame(target: string, folder: string): boolean {
  return posix.normalize(`${target}/`) === posix.normalize(`${folder}/`);
}
