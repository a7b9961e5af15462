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
import { fieldDifferences, namesOfFields } from './fields.ts';
import { strandedData } from './stranded-data.ts';

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
    ...diffVolumes(desired, live),
    ...strandedData(desired, recorded, live),
    ...withDependents(services, desired, live, compose),
    ...orphans(desired, stacks, live),
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
  return {
    address: `compose:${keyOf(service)}`,
    stack: service.stack,
    subject: subjectOf(service, stacks),
    kind: 'service',
    name: service.name,
    action: decision.action,
    cause: decision.cause,
    fields: before && decision.action === 'recreate' ? fieldDifferences(before.definition, service.definition) : [],
    risk: decision.interrupts ? 'interrupts' : 'none',
    ...(containers.length > 0 && { imageBefore: shown }),
    imageAfter: service.image,
  };
}

function decide(it: ComparedService, compared: Compared): Decision {
  const { service, before, containers } = it;
  if (service.replicas === 0 && containers.length === 0) return { action: 'none', cause: 'no container is wanted' };
  if (containers.length === 0) return { action: 'create', cause: before ? 'its container is gone' : 'new service' };
  const changed = forcedCause(service, compared.desired, compared.live) ?? staleCause(it, compared.compose);
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
function staleCause({ service, before, containers }: ComparedService, compose: ComposeRelease): string | undefined {
  const stale = containers.find((each) => isStale(service, each));
  if (!stale) return undefined;
  if (!before) return 'it runs with another configuration';
  const fields = namesOfFields(fieldDifferences(before.definition, service.definition));
  if (fields !== '') return `changed: ${fields}`;
  if (before.imageId !== service.imageId) return 'its image changed';
  if (compose.hashesDependencies && waitsForOthers(service, before)) return 'changed: depends_on';
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

function orphans(desired: Desired, stacks: readonly string[], live: Live): readonly Change[] {
  const known = new Set([...desired.services, ...desired.inactiveServices].map(keyOf));
  const strays = live.containers.filter((each) => !each.oneOff && !known.has(serviceOf(each)));
  const services = new Map(strays.map((each) => [serviceOf(each), { stack: each.stack, name: each.service }]));
  return [...services].map(([key, service]) => ({
    address: `compose:${key}`,
    ...service,
    subject: subjectOf(service, stacks),
    kind: 'service',
    action: 'delete',
    cause: goneCause(desired, service.stack),
    fields: [],
    risk: 'interrupts',
  }));
}
