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
import { type ComposeRelease, composeRelease } from './compose-release.ts';
import { dependencies, withDependents } from './dependents.ts';
import { diffNetworks, diffVolumes, goneCause } from './diff-resources.ts';
import { fieldDifferences, namesOfFields } from './fields.ts';
import { strandedData } from './stranded-data.ts';

/** Every resource of the stacks with what has to happen to it. Pure. */
export function diff(
  desired: Desired,
  recorded: Desired | undefined,
  live: Live,
  composeVersion = '',
): readonly Change[] {
  const stacks = stacksOf(desired, recorded);
  const compose = composeRelease(composeVersion);
  const services = desired.services.map((service) => diffService(service, stacks, recorded, live, compose));
  return [
    ...diffNetworks(desired, recorded, live, compose),
    ...diffVolumes(desired, live),
    ...strandedData(desired, recorded, live),
    ...withDependents(services, desired, live, compose),
    ...orphans(desired, stacks, live),
  ];
}

type Decision = Pick<Change, 'action' | 'cause'> & { readonly interrupts?: boolean };

function diffService(
  service: DesiredService,
  stacks: readonly string[],
  recorded: Desired | undefined,
  live: Live,
  compose: ComposeRelease,
): Change {
  const before = recorded?.services.find((each) => keyOf(each) === keyOf(service));
  const containers = live.containers.filter((each) => serviceOf(each) === keyOf(service) && !each.oneOff);
  const decision = decide(service, before, containers, live, compose);
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

function decide(
  service: DesiredService,
  before: DesiredService | undefined,
  containers: readonly LiveContainer[],
  live: Live,
  compose: ComposeRelease,
): Decision {
  if (service.replicas === 0 && containers.length === 0) return { action: 'none', cause: 'no container is wanted' };
  if (containers.length === 0) return { action: 'create', cause: before ? 'its container is gone' : 'new service' };
  const changed = recreateCause(service, before, containers, live, compose);
  if (changed) return { action: 'recreate', cause: changed, interrupts: true };
  if (containers.length !== service.replicas) {
    return { action: 'update', cause: `${containers.length} containers instead of ${service.replicas}` };
  }
  return stoppedCause(service, containers);
}

function recreateCause(
  service: DesiredService,
  before: DesiredService | undefined,
  containers: readonly LiveContainer[],
  live: Live,
  compose: ComposeRelease,
): string | undefined {
  const damaged = service.objects.filter((digest) => live.damagedObjects.includes(digest));
  if (damaged.length > 0) return 'a mounted file was changed on the host';
  const stale = containers.find((each) => each.configHash !== service.configHash || each.imageId !== service.imageId);
  if (!stale) return undefined;
  if (!before) return 'it runs with another configuration';
  const fields = namesOfFields(fieldDifferences(before.definition, service.definition));
  if (fields !== '') return `changed: ${fields}`;
  if (before.imageId !== service.imageId) return 'its image changed';
  if (compose.hashesDependencies && waitsForOthers(service, before)) return 'changed: depends_on';
  if (before.configHash !== service.configHash) return 'Compose was upgraded on the host';
  return stale.configHash === service.configHash ? 'it runs another image' : 'it was changed on the host';
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
