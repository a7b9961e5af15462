import {
  type Change,
  canonical,
  type Desired,
  type DesiredService,
  keyOf,
  type Live,
  type LiveContainer,
  serviceOf,
  stacksOf,
  subjectOf,
} from '@gitops/core';
import { changedByHand } from './by-hand.ts';
import { type ComposeRelease, composeRelease } from './compose-release.ts';
import { dependencies, withDependents } from './dependents.ts';
import { diffNetworks, diffVolumes, goneCause } from './diff-resources.ts';
import { namesOfFields } from './fields.ts';
import { hostMounts } from './host-mounts.ts';
import { movedDataWarnings } from './moved-data.ts';
import { serviceDifferences } from './service-differences.ts';
import { strandedData } from './stranded-data.ts';
import { versionWarnings } from './version-steps.ts';

/** What is compared with what. */
interface Compared {
  readonly desired: Desired;
  readonly recorded: Desired | undefined;
  readonly live: Live;
  readonly compose: ComposeRelease;
}

/** A service with the one that is recorded of it, and its containers. */
interface ComparedService {
  readonly service: DesiredService;
  readonly before: DesiredService | undefined;
  readonly containers: readonly LiveContainer[];
}

/** Every resource of the stacks with what has to happen to it. Pure. */
export function diff(
  desired: Desired,
  recorded: Desired | undefined,
  live: Live,
  composeVersion = '',
): readonly Change[] {
  const stacks = stacksOf(desired, recorded);
  const compose = composeRelease(composeVersion);
  const compared = { desired, recorded, live, compose };
  const services = desired.services.map((service) => diffService(service, stacks, compared));
  return [
    ...diffNetworks(desired, recorded, live, compose),
    ...diffVolumes(desired, recorded, live),
    ...strandedData(desired, recorded, live),
    ...withDependents(services, desired, live, compose),
    ...orphans(desired, recorded, stacks, live),
  ];
}

/** The containers of a service, without one-off ones. */
function containersOf(service: DesiredService, { containers }: Live): readonly LiveContainer[] {
  return containers.filter((each) => serviceOf(each) === keyOf(service) && !each.oneOff);
}

type Decision = Pick<Change, 'action' | 'cause'> & { readonly interrupts?: boolean };

function diffService(service: DesiredService, stacks: readonly string[], compared: Compared): Change {
  const before = compared.recorded?.services.find((each) => keyOf(each) === keyOf(service));
  const containers = containersOf(service, compared.live);
  const decision = decide({ service, before, containers }, compared);
  const shown = before && before.image !== service.image ? before.image : service.image;
  const isTouched = before !== undefined && decision.action !== 'none';
  const mounts = hostMounts(service, compared.desired, before);
  const warnings = isTouched ? warningsOf({ service, before, containers }, compared) : [];
  return {
    address: `compose:${keyOf(service)}`,
    stack: service.stack,
    subject: subjectOf(service, stacks),
    kind: 'service',
    name: service.name,
    action: decision.action,
    cause: decision.cause,
    fields: isTouched ? fieldsOf(before, service, compared.desired) : [],
    risk: decision.interrupts ? 'interrupts' : 'none',
    ...(warnings.length > 0 && { warnings }),
    ...(containers.length > 0 && { imageBefore: shown }),
    imageAfter: service.image,
    ...(mounts.length > 0 && { hostMounts: mounts }),
  };
}

/** Beside what Compose hashes: an image that moved under its name, as `image` without values, and how many containers there are. */
function fieldsOf(before: DesiredService, service: DesiredService, { objects }: Desired): Change['fields'] {
  const [was, now] = [`${before.replicas}`, `${service.replicas}`];
  return [
    ...(isMoved(before, service) ? [{ field: 'image' }] : []),
    ...serviceDifferences(before, service, objects),
    ...(was === now ? [] : [{ field: 'replicas', before: was, after: now }]),
  ];
}

function isMoved(before: DesiredService, service: DesiredService): boolean {
  return service.imageId !== '' && before.image === service.image && before.imageId !== service.imageId;
}

/** What is taken over is blocked where its data would stay behind: see `strandedData`. */
function warningsOf(
  { service, before = service, containers }: ComparedService,
  { desired, recorded = desired }: Compared,
): readonly string[] {
  const isOurs = containers.every(({ owner }) => owner !== undefined);
  const moved = isOurs ? movedDataWarnings(before, recorded, service, desired) : [];
  return [...versionWarnings(before, service), ...moved];
}

function decide(it: ComparedService, compared: Compared): Decision {
  const { service, before, containers } = it;
  if (service.replicas === 0 && containers.length === 0) return { action: 'none', cause: 'no container is wanted' };
  if (containers.length === 0) return { action: 'create', cause: before ? 'its container is gone' : 'new service' };
  const changed = forcedCause(service, compared.desired, compared.live) ?? staleCause(it, compared);
  if (changed) return { action: 'recreate', cause: changed, interrupts: true };
  if (containers.length !== service.replicas) {
    return { action: 'update', cause: `${containers.length} containers instead of ${service.replicas}` };
  }
  return stoppedCause(service, containers);
}

/** Why a service gets new containers although Compose takes its own for up to date. */
export function forcedCause(service: DesiredService, { networks }: Desired, live: Live): string | undefined {
  const damaged = service.objects.some((digest) => live.damagedObjects.includes(digest));
  if (damaged) return 'a mounted file was changed on the host';
  const containers = containersOf(service, live);
  if (containers.some((each) => isStale(service, each))) return undefined;
  return containers.map((each) => changedByHand(service, each, networks)).find((cause) => cause !== undefined);
}

/** Why Compose gives a service new containers. */
function staleCause({ service, before, containers }: ComparedService, compared: Compared): string | undefined {
  const stale = containers.find((each) => isStale(service, each));
  if (!stale) return undefined;
  if (!before) return 'it runs with another configuration';
  const fields = namesOfFields(serviceDifferences(before, service, compared.desired.objects));
  const changed = [fields, isMoved(before, service) ? `the image behind ${service.image}` : ''];
  if (service.imageId === '' && before.imageId !== '' && fields === '') return 'its image is gone from the host';
  if (changed.some((part) => part !== '')) return `changed: ${changed.filter((part) => part !== '').join(', ')}`;
  if (before.imageId !== service.imageId) return 'its image changed';
  if (compared.compose.hashesDependencies && waitsForOthers(service, before)) return 'changed: depends_on';
  if (before.configHash !== service.configHash) return 'Compose was upgraded on the host';
  return stale.configHash === service.configHash ? 'it runs another image' : 'it was changed on the host';
}

function isStale({ configHash, imageId }: DesiredService, container: LiveContainer): boolean {
  return container.configHash !== configHash || container.imageId !== imageId;
}

function waitsForOthers(service: DesiredService, before: DesiredService): boolean {
  return canonical(dependencies(service)) !== canonical(dependencies(before));
}

/** A job that exited 0 and did not change is not run again, and an optional service may have stopped. */
function stoppedCause(service: DesiredService, containers: readonly LiveContainer[]): Decision {
  const stopped = containers.find((each) => !isAsWanted(service, each));
  if (!stopped) return { action: 'none', cause: 'as recorded' };
  return { action: 'restart', cause: `its container is ${stopped.state}` };
}

function isAsWanted({ role }: DesiredService, { state, exitCode }: LiveContainer): boolean {
  if (role === 'optional') return true;
  if (role === 'job') return state === 'running' || (state === 'exited' && exitCode === 0);
  return state === 'running' || state === 'restarting';
}

function orphans(
  desired: Desired,
  recorded: Desired | undefined,
  stacks: readonly string[],
  live: Live,
): readonly Change[] {
  const known = new Set([...desired.services, ...desired.inactiveServices].map(keyOf));
  const former = new Set([...(recorded?.services ?? []), ...(recorded?.inactiveServices ?? [])].map(keyOf));
  const strays = live.containers.filter((each) => !each.oneOff && !known.has(serviceOf(each)));
  const services = new Map(strays.map((each) => [serviceOf(each), { stack: each.stack, name: each.service }]));
  return [...services].map(([key, service]) => ({
    address: `compose:${key}`,
    ...service,
    subject: subjectOf(service, stacks),
    kind: 'service',
    action: 'delete',
    cause: goneCause(desired, service.stack, former.has(key)),
    fields: [],
    risk: 'interrupts',
  }));
}
