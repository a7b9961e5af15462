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
  serviceOf,
  stacksOf,
  type Transaction,
} from '@gitops/core';
import { bringUp, finishedBefore, recreate } from './bring-up.ts';
import { composeRelease } from './compose-release.ts';
import { forcedCause } from './diff.ts';
import { finishedJobs, overlay } from './overlay.ts';
import { backTo, expectation, toAbsent, tolerated, unwedge } from './revert.ts';
import { deleted, overlayFile, type ReleaseContent, removeNetworks, removeServices, step } from './steps.ts';

/** The steps to the desired state and back to the recorded one, each as a whole. Pure. */
export function compile(input: CompileInput): Transaction {
  const { changes, desired, previous, release, previousRelease = '', live } = input;
  const former: ReleaseContent | undefined = previous && { release: previousRelease, desired: previous };
  return {
    stacks: stacksOf(desired, previous),
    apply: apply({ release, desired }, previousRelease, input),
    revert: former ? backTo(former, input) : toAbsent(desired, release),
    unwedge: former ? unwedge(former, input) : [],
    expectAfterRevert: (previous?.services ?? []).map((service) => expectation(service, live)),
    toleratedAfterRevert: tolerated(input),
    overlays: overlays(desired, previous, changes),
  };
}

function apply(next: ReleaseContent, previousRelease: string, input: CompileInput): readonly Step[] {
  const { release, desired } = next;
  const { changes, live } = input;
  const finished = finishedJobs(desired, changes);
  const compose = composeRelease(input.composeVersion);
  const isGone = ({ stack }: Change) => !desired.stacks.includes(stack);
  const networks = deleted(changes, 'network');
  const isTouched = (stack: string) => effective(changes).some((change) => change.stack === stack);
  return [
    ...unpause(live),
    step('files', ['write_data', release, previousRelease]),
    // Before `up`: what is renamed or stopped gives its ports and names free.
    ...removeServices([...deleted(changes, 'service'), ...emptied(desired, live)]),
    ...removeNetworks(names(networks.filter(isGone)), 'network-of-old-stack'),
    ...desired.stacks.filter(isTouched).flatMap((stack) => {
      const how = { content: next, stack, way: 'apply', finished, compose } as const;
      const services = forced(desired, stack, changes, live);
      return [...bringUp(how), ...(services.length > 0 ? recreate(how, services) : [])];
    }),
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

/** Services whose containers Compose takes for up to date although they are not. */
function forced(desired: Desired, stack: string, changes: readonly Change[], live: Live): readonly string[] {
  const recreated = new Set(changes.filter(({ action }) => action === 'recreate').map((change) => keyOf(change)));
  const isForced = (service: DesiredService) =>
    service.stack === stack && recreated.has(keyOf(service)) && forcedCause(service, desired, live) !== undefined;
  return desired.services.filter(isForced).map(({ name }) => name);
}

/** Compose fails on a service that is scaled to none while it has containers. */
function emptied(desired: Desired, live: Live): readonly ServiceKey[] {
  const there = new Set(live.containers.map(serviceOf));
  return desired.services.filter((service) => service.replicas === 0 && there.has(keyOf(service)));
}

function overlays(desired: Desired, previous: Desired | undefined, changes: readonly Change[]): Record<string, string> {
  const finished = finishedJobs(desired, changes);
  const there = desired.stacks.map((stack) => [overlayFile('apply', stack), overlay(desired, stack, finished)]);
  const back = previous?.stacks.map((stack) => [
    overlayFile('revert', stack),
    overlay(previous, stack, finishedBefore(finished, previous)),
  ]);
  return Object.fromEntries([...there, ...(back ?? [])]);
}
