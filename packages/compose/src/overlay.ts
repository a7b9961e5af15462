import { type Change, type Desired, type DesiredService, keyOf } from '@gitops/core';

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
  for (const { name, definition } of desired.services.filter((service) => service.stack === stack)) {
    const waits = done.filter((job) => job in dependencies(definition));
    if (waits.length > 0)
      services[name] = { ...(done.includes(name) && { profiles: [NEVER] }), depends_on: optional(waits) };
  }
  return JSON.stringify({ services });
}

function dependencies(definition: Readonly<Record<string, unknown>>): object {
  const { depends_on: said } = definition;
  return typeof said === 'object' && said !== null ? said : {};
}

function optional(jobs: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(jobs.map((job) => [job, { condition: 'service_completed_successfully', required: false }]));
}
