import {
  type Change,
  type CompileInput,
  type Desired,
  type DesiredService,
  type Expectation,
  keyOf,
  type Live,
  type ServiceKey,
  type Step,
  serviceOf,
} from '@gitops/core';
import { type BringUp, bringUp, finishedBefore } from './bring-up.ts';
import { composeRelease } from './compose-release.ts';
import { finishedJobs } from './overlay.ts';
import {
  activate,
  DOCKER_SECONDS,
  type ReleaseContent,
  removeNetworks,
  removeServices,
  step,
  stepName,
  touched,
  UP_SECONDS,
} from './steps.ts';

/** First what was added, as it may hold a port of what comes back. */
export function backTo(previous: ReleaseContent, input: CompileInput): readonly Step[] {
  const { changes, desired, live, release } = input;
  const finished = finishedBefore(finishedJobs(desired, changes), previous.desired);
  const compose = composeRelease(input.composeVersion);
  const keys = new Set(previous.desired.services.map(keyOf));
  const networks = new Set(previous.desired.networks.map(({ name }) => name));
  // A network of a stack that goes as a whole may have a name that comes back with another one.
  const isNewStack = ({ stack }: ServiceKey) => !previous.desired.stacks.includes(stack);
  const created = changes
    .filter(({ kind, action }) => kind === 'network' && action === 'create')
    .filter((each) => isNewStack(each) || !networks.has(each.name))
    .map(({ stack, name }) => ({ stack, name }));
  return [
    step('files', ['write_data', previous.release, release]),
    ...tagsAsTheyWere(previous.desired, live),
    ...removeServices(desired.services.filter((service) => !keys.has(keyOf(service)))),
    ...removeNetworks(names(created.filter(isNewStack)), 'network-of-new-stack'),
    ...previous.desired.stacks.flatMap((stack) => {
      const how = { content: previous, stack, way: 'revert', finished, compose } as const;
      return [...bringUp(how), ...afterStops(how, changes, live)];
    }),
    ...removeNetworks(names(created.filter((each) => !isNewStack(each)))),
  ];
}

/** What was taken over names its images as its own files do; such a tag may have been moved by a pull since. */
function tagsAsTheyWere({ services }: Desired, live: Live): readonly Step[] {
  const unowned = new Set(live.containers.filter(({ owner }) => owner === undefined).map(serviceOf));
  const named = services.filter((service) => unowned.has(keyOf(service)) && !/^sha256:|@/.test(service.image));
  const tags = new Map(named.map(({ image, imageId }) => [image, imageId]));
  return [...tags].map(([image, id], index) => step(`tag-${index + 1}`, ['docker', 'tag', id, image]));
}

function names(list: readonly { readonly name: string }[]): readonly string[] {
  return list.map(({ name }) => name);
}

/** Containers of changed services may be stopping although whoever asked for it is gone; `up` takes them for running. */
function afterStops(how: BringUp, changes: readonly Change[], live: Live): readonly Step[] {
  const { content: previous, stack } = how;
  const changed = new Set(touched(changes).map((change) => keyOf(change)));
  const ids = live.containers
    .filter((each) => each.stack === stack && changed.has(serviceOf(each)) && each.state === 'running')
    .map(({ id }) => id);
  if (ids.length === 0) return [];
  const changedBefore = previous.desired.services.filter(
    (service) => service.stack === stack && changed.has(keyOf(service)),
  );
  const grace = Math.max(...changedBefore.map(stopGraceSeconds), SHORTEST_GRACE_SECONDS);
  return [
    step(stepName('stops', stack, previous.desired), ['await_stops', String(grace), ...ids], grace + DOCKER_SECONDS),
    ...bringUp(how, true),
  ];
}

/** Docker's default of 10 s, and a little for the stop itself. */
const SHORTEST_GRACE_SECONDS = 12;

/** `stop_grace_period` as Compose renders it: `1m30s`. */
function stopGraceSeconds({ definition }: DesiredService): number {
  const { stop_grace_period: said } = definition;
  const [, hours = 0, minutes = 0, seconds = 0] = /^(?:(\d+)h)?(?:(\d+)m)?(?:([\d.]+)s)?$/.exec(String(said)) ?? [];
  return Math.ceil(Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)) + 2;
}

/** Only what this transaction touches is taken down; a wedged network alone needs its whole stack to let go of it. */
export function unwedge(previous: ReleaseContent, { changes }: CompileInput): readonly Step[] {
  const isWedged = (stack: string) =>
    changes.some((each) => each.stack === stack && each.kind === 'network' && each.action === 'recreate');
  const known = new Set(previous.desired.services.map(keyOf));
  const wedged = previous.desired.stacks.filter(isWedged);
  return [
    ...wedged.map((stack) =>
      step(stepName('down', stack, previous.desired), activate('activate', previous, stack, '', ['down']), UP_SECONDS),
    ),
    ...removeServices(touched(changes).filter((change) => known.has(keyOf(change)) && !wedged.includes(change.stack))),
  ];
}

/** Before the first release there was nothing: containers and networks go, volumes stay. */
export function toAbsent(desired: Desired, release: string): readonly Step[] {
  const networks = desired.networks.filter(({ external }) => !external);
  return [
    ...removeServices(desired.services),
    ...removeNetworks(networks.map(({ name }) => name)),
    step('files', ['write_data', 'none', release]),
  ];
}

/** Profile services started by hand, and strays that were there before, are no reason to call a revert failed. */
export function tolerated({ previous, live }: CompileInput): readonly ServiceKey[] {
  if (!previous) return [];
  const expected = new Set(previous.services.map(keyOf));
  const found = live.containers.map(({ stack, service }) => ({ stack, name: service }));
  const all = [...previous.inactiveServices, ...found.filter((each) => !expected.has(keyOf(each)))];
  return [...new Map(all.map((each) => [keyOf(each), each])).values()];
}

/** Going back can't make a service run that did not run before. */
export function expectation(service: DesiredService, live: Live): Expectation {
  const { stack, name, configHash, imageId, replicas, role } = service;
  const ran = live.containers.some((each) => serviceOf(each) === keyOf(service) && each.state === 'running');
  return { stack, service: name, configHash, imageId, replicas, role: role === 'service' && !ran ? 'optional' : role };
}
