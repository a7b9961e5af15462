import { type Change, type Desired, type DesiredService, keyOf } from '@gitops/core';
import { dependencies } from './dependents.ts';

/** No such profile is ever active. */
const NEVER = 'gitops-not-run-again';

/** Jobs that are done and did not change. `up` would start them again; their profile is put out of reach for one call. */
export function finishedJobs(desired: Desired, changes: readonly Change[]): readonly DesiredService[] {
  const untouched = new Set(
    changes.filter(({ kind, action }) => kind === 'service' && action === 'none').map((change) => keyOf(change)),
  );
  return desired.services.filter((service) => service.role === 'job' && untouched.has(keyOf(service)));
}

/** A small Compose file that keeps the finished jobs of one stack from running again. */
export function overlay(desired: Desired, stack: string, finished: readonly DesiredService[]): string {
  const done = finished.filter((job) => job.stack === stack).map(({ name }) => name);
  const services: Record<string, unknown> = {};
  for (const name of done) services[name] = { profiles: [NEVER] };
  for (const service of desired.services.filter((each) => each.stack === stack)) {
    const waits = done.filter((job) => job in dependencies(service));
    if (waits.length > 0)
      services[service.name] = {
        ...(done.includes(service.name) && { profiles: [NEVER] }),
        depends_on: optional(waits),
      };
  }
  return JSON.stringify({ services });
}

/** Whether the overlay of a stack changes what any service depends on. */
export function changesDependencies(desired: Desired, stack: string, finished: readonly DesiredService[]): boolean {
  const done = finished.filter((job) => job.stack === stack);
  return desired.services.some((each) => each.stack === stack && done.some(({ name }) => name in dependencies(each)));
}

function optional(jobs: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(jobs.map((job) => [job, { condition: 'service_completed_successfully', required: false }]));
}
