import {
  type Change,
  type CompileInput,
  type Desired,
  type DesiredService,
  effective,
  keyOf,
  type Live,
  type ServiceKey,
  type Step,
  stacksOf,
  type Transaction,
} from '@gitops/core';
import { finishedJobs, overlay } from './overlay.ts';
import { backTo, expectation, toAbsent, tolerated, unwedge } from './revert.ts';
import {
  activate,
  deleted,
  overlayFile,
  type ReleaseContent,
  removeNetworks,
  removeServices,
  step,
  stepName,
  UP,
  UP_SECONDS,
} from './steps.ts';

/** The steps to the desired state and back to the recorded one, each as a whole. Pure. */
export function compile(input: CompileInput): Transaction {
  const { changes, desired, previous, release, previousRelease = '', live } = input;
  const former: ReleaseContent | undefined = previous && { release: previousRelease, desired: previous };
  return {
    stacks: stacksOf(desired, previous),
    apply: apply({ release, desired }, previousRelease, changes, live),
    revert: former ? backTo(former, input) : toAbsent(desired, release),
    unwedge: former ? unwedge(former, input) : [],
    expectAfterRevert: (previous?.services ?? []).map((service) => expectation(service, live)),
    toleratedAfterRevert: tolerated(input),
    overlays: overlays(desired, previous, changes),
  };
}

function apply(next: ReleaseContent, previousRelease: string, changes: readonly Change[], live: Live): readonly Step[] {
  const { release, desired } = next;
  const isGone = ({ stack }: Change) => !desired.stacks.includes(stack);
  const networks = deleted(changes, 'network');
  const isTouched = (stack: string) => effective(changes).some((change) => change.stack === stack);
  return [
    ...unpause(live),
    step('files', ['write_data', release, previousRelease]),
    // Before `up`: what is renamed or stopped gives its ports and names free.
    ...removeServices([...deleted(changes, 'service'), ...emptied(desired, live)]),
    ...removeNetworks(names(networks.filter(isGone)), 'network-of-old-stack'),
    ...desired.stacks
      .filter(isTouched)
      .flatMap((stack) => [
        step(
          stepName('up', stack, desired),
          activate('activate', next, stack, overlayFile('apply', stack), UP),
          UP_SECONDS,
        ),
        ...forced(next, stack, changes, live),
      ]),
    ...removeNetworks(names(networks.filter((change) => !isGone(change)))),
  ];
}

function names(changes: readonly Change[]): readonly string[] {
  return changes.map(({ name }) => name);
}

/** Compose neither starts nor recreates what is paused. */
function unpause(live: Live): readonly Step[] {
  const paused = live.containers.filter(({ state }) => state === 'paused').map(({ id }) => id);
  return paused.length > 0 ? [step('unpause', ['docker', 'unpause', ...paused])] : [];
}

/** A container that Compose takes for up to date although a file it mounts was mended. */
function forced(next: ReleaseContent, stack: string, changes: readonly Change[], live: Live): readonly Step[] {
  const damaged = new Set(live.damagedObjects);
  const recreated = new Set(changes.filter(({ action }) => action === 'recreate').map((change) => keyOf(change)));
  const isForced = (service: DesiredService) =>
    service.stack === stack && recreated.has(keyOf(service)) && service.objects.some((each) => damaged.has(each));
  const services = next.desired.services.filter(isForced).map(({ name }) => name);
  if (services.length === 0) return [];
  const words = [...UP, '--force-recreate', '--no-deps', ...services];
  return [step(stepName('recreate', stack, next.desired), activate('activate', next, stack, '', words), UP_SECONDS)];
}

/** Compose fails on a service that is scaled to none while it has containers. */
function emptied(desired: Desired, live: Live): readonly ServiceKey[] {
  const isThere = (service: DesiredService) =>
    live.containers.some((each) => each.stack === service.stack && each.service === service.name);
  return desired.services.filter((service) => service.replicas === 0 && isThere(service));
}

function overlays(desired: Desired, previous: Desired | undefined, changes: readonly Change[]): Record<string, string> {
  const finished = finishedJobs(desired, changes);
  const known = new Set((previous?.services ?? []).map(keyOf));
  const finishedBefore = finished.filter((job) => known.has(keyOf(job)));
  const there = desired.stacks.map((stack) => [overlayFile('apply', stack), overlay(desired, stack, finished)]);
  const back = (previous?.stacks ?? []).map((stack) => [
    overlayFile('revert', stack),
    overlay(previous ?? desired, stack, finishedBefore),
  ]);
  return Object.fromEntries([...there, ...back]);
}
