import {
  type Desired,
  type DesiredNetwork,
  type DesiredService,
  type DesiredVolume,
  digest,
  keyOf,
} from '@gitops/core';
import type { Bound } from './bind.ts';
import { type ImageUsers, referenceOf } from './images.ts';
import type { Rendered, RenderedService } from './rendered.ts';
import { pullPolicyOf, replicasOf, roleOf } from './roles.ts';

/** The project with image ids in place of references, as it is given to Compose and kept in the release. */
export function pinImages({ stack, model }: ImageUsers, ids: ReadonlyMap<string, string>): Rendered {
  const services = Object.entries(model.services).map(([name, service]) => {
    // Rendering has settled which services are active, and Compose would add these to the profiles of an overlay.
    const { pull_policy: _policy, profiles: _profiles, ...rest } = service;
    // A plan may come before the pull; then Compose gets the reference and its hash is not the final one.
    const image = ids.get(keyOf({ stack, name })) || referenceOf(name, service, stack);
    return [name, identified({ ...rest, image })];
  });
  return { ...model, services: Object.fromEntries(services) };
}

/**
 * Compose labels a service that joins another one's container with a hash that holds that container's id, so its own
 * `config --hash` never equals it. Such a service gets a label of ours to be known by.
 */
function identified(service: RenderedService): RenderedService {
  if (!joinsAnother(service)) return service;
  return { ...service, labels: { ...service.labels, [OWN_HASH]: digest(service) } };
}

/** Whether it uses a namespace or the volumes of another service's container. */
export function joinsAnother(service: RenderedService): boolean {
  const modes = [service['network_mode'], service['pid'], service['ipc']];
  return modes.some((mode) => /^service:/.test(String(mode))) || service['volumes_from'] !== undefined;
}

/** See `expect` in the host's program, which reads the same label. */
export const OWN_HASH = 'gitops.config';

/** One stack as it will be given to Compose. */
export interface PinnedStack {
  readonly stack: string;
  readonly bound: Bound;
  readonly pinned: Rendered;
  /** The content of its `.env`. */
  readonly env: Buffer;
  /** By `keyOf`. */
  readonly ids: ReadonlyMap<string, string>;
  /** Compose's hash of every pinned service, by `keyOf`. */
  readonly hashes: ReadonlyMap<string, string>;
  /** Every service that the files name. */
  readonly declaredServices: readonly string[];
}

/** Desired, as the engine compares it. Pure. */
export function describeDesired(stacks: readonly PinnedStack[]): Desired {
  const parts = stacks.map(describeStack);
  const objects = parts.flatMap((part) => part.objects);
  return {
    stacks: stacks.map(({ stack }) => stack),
    services: parts.flatMap(({ services }) => services),
    networks: parts.flatMap(({ networks }) => networks),
    volumes: parts.flatMap(({ volumes }) => volumes),
    objects: [...new Map(objects.map((object) => [object.digest, object])).values()],
    data: parts.flatMap(({ data }) => data),
    inactiveServices: parts.flatMap(({ inactiveServices }) => inactiveServices),
    hostPaths: [...new Set(parts.flatMap(({ hostPaths }) => hostPaths))].sort(),
  };
}

function describeStack(input: PinnedStack): Omit<Desired, 'stacks'> {
  const { stack, bound, pinned, declaredServices } = input;
  const inactive = declaredServices.filter((name) => !(name in pinned.services));
  return {
    services: Object.keys(pinned.services).map((name) => describeService(name, input)),
    networks: Object.entries(pinned.networks ?? {}).map(([key, network]) => describeNetwork(key, network, stack)),
    volumes: Object.entries(pinned.volumes ?? {}).map(([key, volume]) => describeVolume(key, volume, stack)),
    objects: bound.objects,
    data: bound.dataPaths,
    inactiveServices: inactive.map((name) => ({ stack, name })),
    hostPaths: bound.hostPaths,
  };
}

function describeService(name: string, { stack, bound, pinned, ids, hashes }: PinnedStack): DesiredService {
  const service = pinned.services[name] ?? {};
  const source = bound.model.services[name] ?? {};
  const image = referenceOf(name, source, stack);
  const key = keyOf({ stack, name });
  return {
    stack,
    name,
    role: roleOf(name, pinned),
    image,
    imageId: ids.get(key) ?? '',
    replicas: replicasOf(service),
    configHash: service.labels?.[OWN_HASH] ?? hashes.get(key) ?? '',
    hasHealthcheck: hasHealthcheck(service),
    pullPolicy: pullPolicyOf(source),
    objects: bound.objectsOf.get(name) ?? [],
    definition: { ...service, image },
  };
}

/** Compose knows two ways to say that there is none. */
function hasHealthcheck({ healthcheck }: RenderedService): boolean {
  return healthcheck !== undefined && healthcheck.disable !== true && healthcheck.test?.[0] !== 'NONE';
}

type Networks = NonNullable<Rendered['networks']>;
type Volumes = NonNullable<Rendered['volumes']>;

function describeNetwork(key: string, network: Networks[string] | undefined, stack: string): DesiredNetwork {
  return {
    stack,
    key,
    name: network?.name ?? `${stack}_${key}`,
    external: network?.external ?? false,
    definition: { ...network },
  };
}

function describeVolume(key: string, volume: Volumes[string] | undefined, stack: string): DesiredVolume {
  return {
    stack,
    key,
    name: volume?.name ?? `${stack}_${key}`,
    external: volume?.external ?? false,
    driver: volume?.driver ?? 'local',
    driverOptions: volume?.driver_opts ?? {},
  };
}
