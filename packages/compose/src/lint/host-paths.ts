import { posix } from 'node:path';
import type { ComposeProject, MountModel, VolumeModel } from '../check/index.ts';
import { servicesOf } from './services.ts';

/** A path of the host in a container. */
export interface HostMount {
  readonly service: string;
  /** Of the item in `volumes` of the service. */
  readonly index: number;
  /** Absolute and without `..`. */
  readonly path: string;
  readonly isReadOnly: boolean;
}

/** Absolute bind mounts, also those that a volume makes. */
export function hostMounts(project: ComposeProject): readonly HostMount[] {
  return servicesOf(project).flatMap(({ name, service }) =>
    (service.volumes ?? []).flatMap((mount, index) => {
      const source = sourceOf(mount, project.model.volumes ?? {});
      if (source === undefined || !posix.isAbsolute(source)) return [];
      const path = posix.normalize(source).replace(/(?<=.)\/+$/, '');
      return [{ service: name, index, path, isReadOnly: mount.read_only === true }];
    }),
  );
}

function sourceOf({ type, source }: MountModel, volumes: Readonly<Record<string, VolumeModel>>): string | undefined {
  if (type === 'bind' || source === undefined) return source;
  const options = Object.hasOwn(volumes, source) ? volumes[source]?.driver_opts : undefined;
  // `type: none, o: bind` is how people mount a folder as a volume.
  return options?.['o']?.split(',').some((option) => /^r?bind$/.test(option)) ? options['device'] : undefined;
}

/** Whether a folder holds a path, or is it. */
export function holds(folder: string, path: string): boolean {
  return path === folder || path.startsWith(folder === '/' ? '/' : `${folder}/`);
}
