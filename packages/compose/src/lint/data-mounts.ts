import { posix } from 'node:path';
import type { ComposeProject, MountModel } from '../check/index.ts';
import { looksLikeFile } from '../load/volume-source.ts';
import { nameOf } from './resources.ts';
import { serviceCalled } from './services.ts';

/** Where a service keeps what has to outlive its containers. */
export interface DataMount {
  readonly kind: 'volume' | 'folder';
  /** The place in the container. */
  readonly target: string;
  /** The name of the volume on the host, the absolute path of a folder there, or a path relative to the stack. */
  readonly source: string;
  /** Of the item in `volumes` of the service. */
  readonly index: number;
  /** Key of the volume in the Compose file, if it is one. */
  readonly key?: string;
}

/** Named volumes and writable folders of a service. */
export function dataMounts(project: ComposeProject, service: string): readonly DataMount[] {
  const mounts = serviceCalled(project, service)?.volumes ?? [];
  return mounts.flatMap((mount, index): readonly DataMount[] => {
    const { type, source, target, read_only: isReadOnly } = mount;
    if (source === undefined || target === undefined || isReadOnly === true) return [];
    if (type === 'volume') return [{ kind: 'volume', target, index, ...volumeNamed(project, source) }];
    return isFolderOfData(mount) ? [{ kind: 'folder', target, index, source: fromStack(project, source) }] : [];
  });
}

function volumeNamed(project: ComposeProject, key: string): { readonly source: string; readonly key: string } {
  const volumes = project.model.volumes ?? {};
  const volume = Object.hasOwn(volumes, key) ? volumes[key] : undefined;
  return { key, source: nameOf(project, key, volume ?? {}) };
}

/** Of the host's own folders these are mounted for what the host is, not for what the application keeps there. */
const OF_THE_SYSTEM = /^\/(?:bin|boot|dev|etc|lib|lib64|proc|run|sbin|sys|tmp|usr|var\/run|var\/log)(?:\/|$)/;

/** A bind that an application may keep data in. */
export function isFolderOfData({ type, source = '' }: MountModel): boolean {
  return type === 'bind' && source !== '/' && !OF_THE_SYSTEM.test(source) && !looksLikeFile(source);
}

/** A deployment knows such a folder by its path from the folder of the stack, which may move in git. */
function fromStack(project: ComposeProject, source: string): string {
  if (posix.isAbsolute(source)) return source;
  const { file = '' } = project.placeOf(['services']);
  const path = posix.relative(posix.dirname(file), source);
  return path.startsWith('.') ? path : `./${path}`;
}
