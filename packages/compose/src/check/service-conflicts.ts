import type { At } from './at.ts';
import { isMap, mapOf, type Plain, type PlainMap } from './plain.ts';

export interface CheckedService {
  readonly at: At;
  readonly service: PlainMap;
}

/** A fixed name fits one container; two numbers of them must be the same. */
export function replicas({ at, service }: CheckedService): void {
  const { scale, container_name } = service;
  const deploy = mapOf(service['deploy']);
  const { replicas } = deploy;
  if (typeof scale === 'number' && typeof replicas === 'number' && scale !== replicas) {
    conflict(
      at,
      at.below(service, 'scale'),
      ['scale', 'deploy.replicas'],
      'keep one of them, or write the same number',
    );
  }
  const wanted = scale ?? replicas ?? 1;
  if (!container_name || typeof wanted !== 'number' || wanted <= 1) return;
  const key = scale === undefined ? 'deploy.replicas' : 'scale';
  conflict(
    at,
    at.below(service, 'container_name'),
    ['container_name', key],
    'remove the name, which only one container can have',
  );
}

const LIMITS = [
  ['cpus', 'limits', 'cpus'],
  ['mem_limit', 'limits', 'memory'],
  ['mem_reservation', 'reservations', 'memory'],
  ['pids_limit', 'limits', 'pids'],
] as const;

/** Compose compares with 0 where the other one says nothing. */
export function limits({ at, service }: CheckedService): void {
  const resources = mapOf(mapOf(service['deploy'])['resources']);
  for (const [key, section, other] of LIMITS) {
    const own = asNumber(service[key]);
    if (own === 0 || !isMap(resources[section]) || asNumber(resources[section][other]) === own) continue;
    const remedy = `write the same value in both, or keep \`deploy.resources.${section}.${other}\` alone`;
    conflict(at, at.below(service, key), [key, `deploy.resources.${section}.${other}`], remedy);
  }
}

function asNumber(value: Plain | undefined): number {
  return value === undefined || value === null ? 0 : Number(value);
}

/** Two keys of a service of which one must go. */
export function conflict(at: At, place: At, keys: readonly string[], remedy: string): void {
  const message = `\`${at.name}\` has ${keys.map((key) => `\`${key}\``).join(' and ')}, which do not go together`;
  at.faults.add('compose/conflict', { in: place.in, step: place.step, atKey: true }, message, remedy);
}
