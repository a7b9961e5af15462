import { type Change, type Desired, type DesiredService, keyOf, type Live } from '@gitops/core';

/**
 * Data that a service would not find again under a new name of its project, or after its project was taken over: it would
 * start empty, and nobody would notice before it is too late. Within a project, a volume that is changed is changed on purpose.
 */
export function strandedData(desired: Desired, recorded: Desired | undefined, live: Live): readonly Change[] {
  if (!recorded) return [];
  return desired.services.flatMap((service) => {
    const before = formerly(service, desired, recorded, live);
    return before ? stranded(service, desired, before, recorded) : [];
  });
}

/** The same service under the former name of its project, or before it was ours. */
function formerly(
  service: DesiredService,
  desired: Desired,
  recorded: Desired,
  live: Live,
): DesiredService | undefined {
  const isUnowned = live.containers.some((each) => {
    return keyOf({ stack: each.stack, name: each.service }) === keyOf(service) && each.owner === undefined;
  });
  if (recorded.stacks.includes(service.stack)) {
    return isUnowned ? recorded.services.find((each) => keyOf(each) === keyOf(service)) : undefined;
  }
  return recorded.services.find((each) => each.name === service.name && !desired.stacks.includes(each.stack));
}

function stranded(
  service: DesiredService,
  desired: Desired,
  before: DesiredService,
  recorded: Desired,
): readonly Change[] {
  const now = new Map(mounts(service, desired).map((mount) => [mount.target, mount]));
  return mounts(before, recorded).flatMap(({ target, source }) => {
    const after = now.get(target);
    return after && after.source !== source ? [blocked(service, target, source, after)] : [];
  });
}

interface DataMount {
  readonly target: string;
  /** Name of the volume, or path of the folder, on the host. */
  readonly source: string;
  /** Key of the volume in the Compose file, if it is one. */
  readonly key?: string;
}

/** Where a service keeps what has to outlive its containers. */
function mounts({ stack, definition }: DesiredService, { volumes, data }: Desired): readonly DataMount[] {
  const list: unknown = definition['volumes'];
  if (!Array.isArray(list)) return [];
  return list.flatMap((mount: Readonly<Record<string, unknown>>) => {
    const [type, source, target] = [mount['type'], mount['source'], mount['target']].map(String);
    if (source === undefined || target === undefined) return [];
    const volume = volumes.find((each) => each.stack === stack && each.key === source);
    if (type === 'volume' && volume) return [{ target, source: volume.name, key: volume.key }];
    const isData = type === 'bind' && data.some((each) => each.stack === stack && each.source === source);
    return isData ? [{ target, source }] : [];
  });
}

function blocked(service: DesiredService, target: string, source: string, after: DataMount): Change {
  const remedy =
    after.key === undefined ? `mount ${source} itself` : `write \`name: ${source}\` below the volume \`${after.key}\``;
  return {
    address: `compose:${service.stack}/volume/${after.key ?? after.source}`,
    stack: service.stack,
    subject: after.source,
    kind: 'volume',
    name: after.source,
    action: 'recreate',
    cause: `${service.name} would find ${target} empty: its data stays in ${source}; ${remedy}`,
    fields: [],
    risk: 'blocked',
  };
}
