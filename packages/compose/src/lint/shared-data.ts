import type { Finding } from '@gitops/core';
import { UNKNOWN_VALUE } from '../load/interpolation.ts';
import { isFolderOfData } from './data-mounts.ts';
import { found } from './found.ts';
import { type HostMount, holds, hostMounts } from './host-paths.ts';
import type { StackOfEnvironment } from './linted-stack.ts';
import { deployedServices } from './services.ts';

/** A folder of the host in a stack. */
interface SharedFolder {
  readonly stack: StackOfEnvironment;
  /** That of a service that writes there, if one does. */
  readonly mount: HostMount;
}

/**
 * Folders of one host that two environments mount, and at least one of them to write there, as when the one was copied
 * from the other. Within an environment services share folders on purpose.
 */
export function sharedDataFindings(stacks: readonly StackOfEnvironment[]): readonly Finding[] {
  const earlier = new Map<string, SharedFolder[]>();
  return stacks.flatMap(foldersOf).flatMap((folder) => {
    const known = earlier.get(folder.mount.path) ?? [];
    earlier.set(folder.mount.path, [...known, folder]);
    const other = known.find((each) => areAtOdds(each, folder));
    return other ? [shared(folder, other)] : [];
  });
}

function areAtOdds(a: SharedFolder, b: SharedFolder): boolean {
  return a.stack.environment !== b.stack.environment && !(a.mount.isReadOnly && b.mount.isReadOnly);
}

/** Each folder once, however many services of the stack mount it. */
function foldersOf(stack: StackOfEnvironment): readonly SharedFolder[] {
  const deployed = new Set(deployedServices(stack.project).map(({ name }) => name));
  const mounts = hostMounts(stack.project).filter(({ service, path }) => deployed.has(service) && isOwnFolder(path));
  return [...Map.groupBy(mounts, ({ path }) => path).values()].flatMap((same) => {
    const mount = same.find(({ isReadOnly }) => !isReadOnly) ?? same[0];
    return mount ? [{ stack, mount }] : [];
  });
}

/** What a container engine keeps there is mounted for what the host is, by agents and monitors. */
const OF_ENGINES = ['/var/lib/docker', '/var/lib/containerd', '/var/lib/containers', '/var/tmp'];

function isOwnFolder(path: string): boolean {
  const isKnown = !path.includes(UNKNOWN_VALUE);
  return isKnown && isFolderOfData({ type: 'bind', source: path }) && !OF_ENGINES.some((each) => holds(each, path));
}

function shared(folder: SharedFolder, other: SharedFolder): Finding {
  const { stack, mount } = folder;
  const { path, service, index } = mount;
  const isOneReading = mount.isReadOnly || other.mount.isReadOnly;
  const effect = isOneReading ? 'one reads what the other writes' : 'both write to the same data';
  const message = `${told(folder)} and ${told(other)} mount \`${path}\` of the same host: ${effect}`;
  const remedy = `mount a folder of its own here, such as \`${path}-${stack.environment}\`, and copy the data there if it is needed`;
  return found('compose/shared-data', stack.project, ['services', service, 'volumes', index], message, remedy);
}

function told({ stack, mount }: SharedFolder): string {
  return `\`${mount.service}\` of the stack \`${stack.project.name}\` (${stack.environment})`;
}
