import type { RenderedMount } from '../rendered.ts';
import type { ContainerNames } from './container-names.ts';
import { type Definition, given } from './definition.ts';
import type { DeclaredMount, InspectedContainer, InspectedImage } from './inspected.ts';
import type { ResourceKeys } from './resource-keys.ts';

export interface MountContext {
  readonly names: ContainerNames;
  readonly volumeKeys: ResourceKeys;
  /** A volume that belongs to one container only may be named; replicas each have one of their own. */
  readonly single: boolean;
}

/** All that is mounted into the container. */
export function mountFields(
  container: InspectedContainer,
  image: InspectedImage | undefined,
  context: MountContext,
): Definition {
  const { Binds, Mounts, Tmpfs, VolumesFrom } = container.HostConfig;
  const volumes = [
    ...Binds.map((bind) => boundMount(bind, context)),
    ...Mounts.map((mount) => declaredMount(mount, container, context)),
    ...imageVolumes(container, image).map((target) => anonymousMount(target, container, context)),
  ];
  return given({
    volumes,
    tmpfs: Object.entries(Tmpfs).map(([path, options]) => (options === '' ? path : `${path}:${options}`)),
    volumes_from: VolumesFrom.map((entry) => context.names.volumesFrom(entry)),
  });
}

/** Kinds of mounts that a Compose file can't ask for, or not as they are. */
export function strangeMounts({ HostConfig }: InspectedContainer): readonly string[] {
  const known = ['bind', 'volume', 'tmpfs', 'image'];
  return HostConfig.Mounts.filter(({ Type }) => !known.includes(Type)).map(
    ({ Type, Target }) => `${Type} at ${Target}`,
  );
}

/** The name of the volume that Docker made up for a path, if there is one. */
export function anonymousVolume(container: InspectedContainer, target: string): string | undefined {
  const mount = container.Mounts.find(({ Type, Destination }) => Type === 'volume' && Destination === target);
  return mount && /^[0-9a-f]{64}$/.test(mount.Name) ? mount.Name : undefined;
}

const PROPAGATION = ['private', 'rprivate', 'shared', 'rshared', 'slave', 'rslave'];

/** `SOURCE:TARGET:OPTIONS`; the source is a path or the name of a volume. Docker allows no colon in either. */
function boundMount(bind: string, { volumeKeys }: MountContext): RenderedMount {
  const [source = '', target = '', modes = ''] = bind.split(':');
  const options = modes.split(',');
  const common = { target, ...(options.includes('ro') && { read_only: true }) };
  if (!source.startsWith('/')) {
    const volume = given({ nocopy: options.includes('nocopy') });
    return { type: 'volume', source: volumeKeys.get(source) ?? source, ...common, volume };
  }
  const settings = given({
    propagation: options.find((option) => PROPAGATION.includes(option)),
    selinux: options.find((option) => option === 'z' || option === 'Z'),
  });
  return { type: 'bind', source, ...common, bind: { create_host_path: true, ...settings } };
}

function declaredMount(mount: DeclaredMount, container: InspectedContainer, context: MountContext): RenderedMount {
  const common = { target: mount.Target, ...(mount.ReadOnly && { read_only: true }) };
  const named = { ...common, ...(mount.Source !== '' && { source: mount.Source }) };
  switch (mount.Type) {
    case 'volume':
      return volumeMount(mount, container, context, common);
    case 'tmpfs': {
      const { SizeBytes = 0, Mode = 0 } = mount.TmpfsOptions ?? {};
      return { type: 'tmpfs', ...common, tmpfs: given({ size: SizeBytes && String(SizeBytes), mode: Mode }) };
    }
    case 'bind':
      return { type: 'bind', ...named, bind: bindOptions(mount) };
    default:
      return { type: mount.Type, ...named, ...given({ image: given({ subpath: mount.ImageOptions?.Subpath }) }) };
  }
}

function bindOptions({ BindOptions: options }: DeclaredMount): Definition {
  const recursive = [
    options?.NonRecursive && 'disabled',
    options?.ReadOnlyForceRecursive && 'readonly',
    options?.ReadOnlyNonRecursive && 'writable',
  ].find(Boolean);
  return {
    create_host_path: options?.CreateMountpoint ?? false,
    ...given({ propagation: options?.Propagation, recursive }),
  };
}

type Common = Pick<RenderedMount, 'target' | 'read_only'>;

function volumeMount(
  mount: DeclaredMount,
  container: InspectedContainer,
  context: MountContext,
  common: Common,
): RenderedMount {
  if (mount.Source === '' || /^[0-9a-f]{64}$/.test(mount.Source)) {
    return { ...anonymousMount(mount.Target, container, context), ...common };
  }
  const { NoCopy, Subpath } = mount.VolumeOptions ?? {};
  const source = context.volumeKeys.get(mount.Source) ?? mount.Source;
  return { type: 'volume', source, ...common, volume: given({ nocopy: NoCopy, subpath: Subpath }) };
}

/** By its name, so that its data comes back even when the container that held it is gone. */
function anonymousMount(
  target: string,
  container: InspectedContainer,
  { single, volumeKeys }: MountContext,
): RenderedMount {
  const name = single ? anonymousVolume(container, target) : undefined;
  return { type: 'volume', ...(name !== undefined && { source: volumeKeys.get(name) ?? name }), target, volume: {} };
}

/** Paths that the image declares and nothing else fills. */
function imageVolumes(
  { HostConfig, Mounts }: InspectedContainer,
  image: InspectedImage | undefined,
): readonly string[] {
  const filled = new Set([
    ...HostConfig.Binds.map((bind) => bind.split(':')[1]),
    ...HostConfig.Mounts.map(({ Target }) => Target),
  ]);
  return Mounts.filter(({ Type, Destination }) => Type === 'volume' && !filled.has(Destination))
    .map(({ Destination }) => Destination)
    .filter((target) => target in (image?.Config?.Volumes ?? {}));
}
