import { type Change, type Desired, type DesiredService, keyOf, type Live } from '@gitops/core';
import type { ComposeRelease } from './compose-release.ts';

/**
 * Says of an older Compose that it gives a new container to whatever depends on a service that gets one, by `depends_on`,
 * `links`, `volumes_from` or a shared namespace, which it renders as `depends_on`. Pure.
 */
export function withDependents(
  changes: readonly Change[],
  { services }: Desired,
  live: Live,
  { version, recreatesDependents }: ComposeRelease,
): readonly Change[] {
  if (!recreatesDependents) return changes;
  const causes = causesOf(services, live);
  return changes.map((change) => {
    const cause = causes.get(keyOf(change));
    if (cause === undefined || change.action === 'recreate') return change;
    return {
      ...change,
      action: 'recreate',
      cause: `depends on ${cause}, which is recreated (Compose ${version} does that)`,
      risk: 'interrupts',
    };
  });
}

/** For each service that is recreated along with another one, the name of that. */
function causesOf(services: readonly DesiredService[], live: Live): ReadonlyMap<string, string> {
  const causes = new Map<string, string>();
  const waiting = services.filter((service) => service.replicas > 0 && isStale(service, live));
  // An array that grows while it is walked: dependents have dependents.
  for (const { stack, name } of waiting) {
    const dependents = services.filter((each) => each.stack === stack && name in dependencies(each));
    for (const dependent of dependents) {
      if (causes.has(keyOf(dependent)) || waiting.includes(dependent) || !hasContainer(dependent, live)) continue;
      causes.set(keyOf(dependent), name);
      waiting.push(dependent);
    }
  }
  return causes;
}

/** Whether Compose itself finds a container of it out of date: neither what is missing nor what we force counts. */
function isStale({ stack, name, configHash, imageId }: DesiredService, { containers }: Live): boolean {
  return containers.some(
    (each) =>
      each.stack === stack &&
      each.service === name &&
      !each.oneOff &&
      (each.configHash !== configHash || each.imageId !== imageId),
  );
}

function hasContainer({ stack, name }: DesiredService, { containers }: Live): boolean {
  return containers.some((each) => each.stack === stack && each.service === name && !each.oneOff);
}

/** What a service waits for, as Compose renders it. */
export function dependencies({ definition }: Pick<DesiredService, 'definition'>): object {
  const { depends_on: said } = definition;
  return typeof said === 'object' && said !== null ? said : {};
}
