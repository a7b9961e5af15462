import { type Desired, type DesiredNetwork, type DesiredService, type DesiredVolume, digest } from '@gitops/core';
import type { Bound } from './bind.ts';
import { referenceOf } from './images.ts';
import type { Rendered, RenderedService } from './rendered.ts';
import { pullPolicyOf, replicasOf, roleOf } from './roles.ts';

/** The project with image ids in place of references, as it is given to Compose and kept in the release. */
export function pinImages(model: Rendered, project: string, ids: ReadonlyMap<string, string>): Rendered {
  const services = Object.entries(model.services).map(([name, service]) => {
    const { pull_policy: _policy, ...rest } = service;
    // A plan may come before the pull; then Compose gets the reference and its hash is not the final one.
    return [name, identified({ ...rest, image: ids.get(name) || referenceOf(name, service, project) })];
  });
  return { ...model, services: Object.fromEntries(services) };
}

/**
 * Compose labels a service that joins another one's container with a hash that holds that container's id, so its own
 * `config --hash` never equals it. Such a service gets a label of ours to be known by.
 */
function identified(service: RenderedService): RenderedService {
  const joins = [service['network_mode'], service['pid'], service['ipc']].some((mode) =>
    /^service:/.test(String(mode)),
  );
  if (!joins && service['volumes_from'] === undefined) return service;
  return { ...service, labels: { ...service.labels, [OWN_HASH]: digest(service) } };
}

/** See `expect` in the host's program, which reads the same label. */
export const OWN_HASH = 'gitops.config';

export interface DescribeInput {
  readonly bound: Bound;
  readonly pinned: Rendered;
  readonly project: string;
  readonly ids: ReadonlyMap<string, string>;
  /** Compose's hash of every pinned service. */
  readonly hashes: ReadonlyMap<string, string>;
  /** Every service that the files name. */
  readonly declaredServices: readonly string[];
}

/** Desired, as the engine compares it. Pure. */
export function describeDesired(input: DescribeInput): Desired {
  const { bound, pinned, project, declaredServices } = input;
  return {
    project,
    services: Object.keys(pinned.services).map((name) => describeService(name, input)),
    networks: Object.entries(pinned.networks ?? {}).map(([key, network]) => describeNetwork(key, network, project)),
    volumes: Object.entries(pinned.volumes ?? {}).map(([key, volume]) => describeVolume(key, volume, project)),
    objects: bound.objects,
    inactiveServices: declaredServices.filter((name) => !(name in pinned.services)),
    hostPaths: bound.hostPaths,
  };
}

function describeService(name: string, { bound, pinned, project, ids, hashes }: DescribeInput): DesiredService {
  const service = pinned.services[name] ?? {};
  const source = bound.model.services[name] ?? {};
  const image = referenceOf(name, source, project);
  return {
    name,
    role: roleOf(name, pinned),
    image,
    imageId: ids.get(name) ?? '',
    replicas: replicasOf(service),
    configHash: service.labels?.[OWN_HASH] ?? hashes.get(name) ?? '',
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

function describeNetwork(key: string, network: Networks[string] | undefined, project: string): DesiredNetwork {
  return {
    key,
    name: network?.name ?? `${project}_${key}`,
    external: network?.external ?? false,
    definition: { ...network },
  };
}

function describeVolume(key: string, volume: Volumes[string] | undefined, project: string): DesiredVolume {
  return {
    key,
    name: volume?.name ?? `${project}_${key}`,
    external: volume?.external ?? false,
    driver: volume?.driver ?? 'local',
    driverOptions: volume?.driver_opts ?? {},
  };
}
