import { digest } from '../canonical.ts';
import type {
  Desired,
  DesiredNetwork,
  DesiredService,
  DesiredVolume,
  DockerTarget,
  Environment,
  HealthSpec,
  Release,
} from '../model.ts';

/** A health spec with the documented defaults. */
export function healthSpec(said: Partial<HealthSpec> = {}): HealthSpec {
  return { deadlineMs: 120_000, stabilityMs: 15_000, confirmTimeoutMs: 60_000, probes: [], ...said };
}

/** An image id as Docker prints it; equal names give equal ids. */
export function imageId(name: string): string {
  return `sha256:${digest(name)}`;
}

/** A service `web` of one container, without a health check. Its hash follows from its definition. */
export function service(said: Partial<DesiredService> = {}): DesiredService {
  const name = said.name ?? 'web';
  const image = said.image ?? `example/${name}:1`;
  const definition = said.definition ?? { image };
  return {
    stack: 'shop',
    name,
    role: 'service',
    image,
    imageId: imageId(image),
    replicas: 1,
    configHash: digest({ name, definition, id: said.imageId ?? imageId(image) }),
    hasHealthcheck: false,
    pullPolicy: 'missing',
    objects: [],
    definition,
    ...said,
  };
}

/** A network that belongs to the project. */
export function network(said: Partial<DesiredNetwork> = {}): DesiredNetwork {
  const key = said.key ?? 'default';
  return { stack: 'shop', key, name: `shop_${key}`, external: false, definition: { name: `shop_${key}` }, ...said };
}

/** A local volume that belongs to the project. */
export function volume(said: Partial<DesiredVolume> = {}): DesiredVolume {
  const key = said.key ?? 'data';
  return { stack: 'shop', key, name: `shop_${key}`, external: false, driver: 'local', driverOptions: {}, ...said };
}

/** The project `shop` with one service, unless something else is said. */
export function desired(said: Partial<Desired> = {}): Desired {
  return {
    stacks: ['shop'],
    services: [service()],
    networks: [],
    volumes: [],
    objects: [],
    data: [],
    inactiveServices: [],
    hostPaths: [],
    ...said,
  };
}

export function target(said: Partial<DockerTarget> = {}): DockerTarget {
  return {
    kind: 'docker',
    name: 'docker',
    host: 'docker.example.com',
    port: 22,
    user: 'gitops',
    stateDir: '/var/lib/gitops',
    ...said,
  };
}

export function environment(said: Partial<Environment> = {}): Environment {
  return {
    repositoryName: 'infrastructure',
    name: 'production',
    targets: [target()],
    stacks: [{ name: 'shop', folder: '', target: 'docker' }],
    health: healthSpec(),
    retention: { days: 30, releases: 5 },
    ...said,
  };
}

/** The first release of the project `shop`. */
export function release(said: Partial<Release> = {}): Release {
  return {
    name: '1-aaaaaaa',
    number: 1,
    commit: 'a'.repeat(40),
    ancestors: [],
    inputsDigest: 'inputs of 1',
    createdAt: '2026-01-01T00:00:00.000Z',
    actor: 'anna@laptop',
    composeVersion: '2.40.3',
    engineVersion: '28.0.0',
    verdict: 'healthy',
    health: healthSpec(),
    desired: desired(),
    desiredDigest: 'desired of 1',
    ...said,
  };
}
