import type { Desired, LiveContainer, ServiceKey } from './model.ts';

/** Tells a service from all others of its target. */
export function keyOf({ stack, name }: ServiceKey): string {
  return `${stack}/${name}`;
}

/** The service that a container belongs to, as `keyOf` tells it. */
export function serviceOf({ stack, service }: Pick<LiveContainer, 'stack' | 'service'>): string {
  return keyOf({ stack, name: service });
}

/** The stacks by which services are told apart: those to come and those that were. */
export function stacksOf(desired: Pick<Desired, 'stacks'>, recorded: Desired | undefined): readonly string[] {
  return [...new Set([...desired.stacks, ...(recorded?.stacks ?? [])])];
}

/** What a service is called in reports: its stack is named where there is more than one. */
export function subjectOf(service: ServiceKey, stacks: readonly string[]): string {
  return stacks.length > 1 ? keyOf(service) : service.name;
}
