import { type Change, type Desired, type DesiredService, keyOf, type Live, serviceOf } from '@gitops/core';
import { fromCompose } from './adopt/definition.ts';

/**
 * Data that a service would not find again under a new name of its project, or after its project was taken over: it would
 * start empty, and nobody would notice before it is too late. Within a project, a volume that is changed is changed on purpose.
 */
export function strandedData(desired: Desired, recorded: Desired | undefined, live: Live): readonly Change[] {
  if (!recorded) return [];
  return desired.services.flatMap((service) => {
    const isUnowned = live.containers.some((each) => serviceOf(each) === keyOf(service) && each.owner === undefined);
    const before = formerly(service, desired, recorded, isUnowned);
    if (!before) return [];
    // Whoever started it by hand said nowhere which of its folders hold data, so each may.
    const mounts = isUnowned ? everyWritable : dataMounts;
    return stranded(service, mounts(service, desired), mounts(before, recorded));
  });
}

/** The same service under the former name of its project, or before it was ours. */
function formerly(
  service: DesiredService,
  desired: Desired,
  recorded: Desired,
  isUnowned: boolean,
): DesiredService | undefined {
  if (recorded.stacks.includes(service.stack)) {
    return isUnowned ? recorded.services.find((each) => keyOf(each) === keyOf(service)) : undefined;
  }
  return recorded.services.find((each) => each.name === service.name && !desired.stacks.includes(each.stack));
}

function stranded(service: DesiredService, now: readonly DataMount[], before: readonly DataMount[]): readonly Change[] {
  const places = new Map(now.map((mount) => [mount.target, mount]));
  return before.flatMap(({ target, source }) => {
    const after = places.get(target);
    return after && after.source !== source ? [blocked(service, target, source, after)] : [];
  });
}

/** A place where a service may write what outlives its containers. */
export interface DataMount {
  readonly target: string;
  /** Name of the volume, or path of the folder, on the host. */
  readonly source: string;
  /** Key of the volume in the Compose file, if it is one. */
  readonly key?: string;
}

/** Where a service keeps what has to outlive its containers. */
function dataMounts(service: DesiredService, desired: Desired): readonly DataMount[] {
  const isData = ({ source, key }: DataMount) =>
    key !== undefined || desired.data.some((each) => each.stack === service.stack && each.source === source);
  return everyWritable(service, desired).filter(isData);
}

/** Volumes, and folders and files of the host, that a service may write to. */
export function everyWritable({ stack, definition }: DesiredService, { volumes }: Desired): readonly DataMount[] {
  const list: unknown = definition['volumes'];
  if (!Array.isArray(list)) return [];
  return list.flatMap((mount: Readonly<Record<string, unknown>>) => {
    const [type, source, target] = [mount['type'], mount['source'], mount['target']].map(String);
    if (source === undefined || target === undefined) return [];
    const volume = volumes.find((each) => each.stack === stack && each.key === source);
    if (type === 'volume' && volume) return [{ target, source: volume.name, key: volume.key }];
    return type === 'bind' && mount['read_only'] !== true ? [{ target, source: fromCompose(source) }] : [];
  });
}

function blocked(service: DesiredService, target: string, source: string, after: DataMount): Change {
  return {
    address: `compose:${service.stack}/volume/${after.key ?? after.source}`,
    stack: service.stack,
    subject: after.source,
    kind: 'volume',
    name: after.source,
    action: 'recreate',
    cause: `${service.name} would find ${target} empty: its data stays in ${source}`,
    fields: [],
    risk: 'blocked',
    remedy:
      after.key === undefined
        ? `mount ${source} itself`
        : `write \`name: ${source}\` below the volume \`${after.key}\``,
  };
}
