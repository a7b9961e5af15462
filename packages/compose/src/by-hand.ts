import type { Desired, DesiredService, LiveContainer, LiveLimits } from '@gitops/core';
import * as v from 'valibot';

const amount = v.optional(v.nullable(v.union([v.number(), v.string()])));
const Limits = v.looseObject({ memory: amount, cpus: amount, pids: amount });

const Definition = v.looseObject({
  restart: v.optional(v.string()),
  networks: v.optional(v.nullable(v.record(v.string(), v.unknown()))),
  network_mode: v.optional(v.string()),
  mem_limit: amount,
  mem_reservation: amount,
  cpus: amount,
  cpu_shares: amount,
  cpuset: v.optional(v.string()),
  pids_limit: amount,
  deploy: v.optional(
    v.looseObject({
      resources: v.optional(v.looseObject({ limits: v.optional(Limits), reservations: v.optional(Limits) })),
      restart_policy: v.optional(v.looseObject({ condition: v.optional(v.string()) })),
    }),
  ),
});

type Definition = v.InferOutput<typeof Definition>;

/**
 * What was done to a container by `docker update`, `docker network connect` or `docker network disconnect`, which leave the
 * labels of Compose as they were; `undefined` if nothing was. Pure.
 */
export function changedByHand(
  service: DesiredService,
  container: LiveContainer,
  networks: Desired['networks'],
): string | undefined {
  // What has run to its end is not run again for that.
  if (service.role === 'job') return undefined;
  const { success, output: definition } = v.safeParse(Definition, service.definition);
  // What cannot be read proves no change.
  if (!success) return undefined;
  return networkCause(service, definition, container, networks) ?? updateCause(definition, container);
}

function networkCause(
  { stack }: DesiredService,
  { networks: wanted, network_mode }: Definition,
  container: LiveContainer,
  networks: Desired['networks'],
): string | undefined {
  if (network_mode !== undefined || !wanted) return undefined;
  const named = networks.filter((each) => each.stack === stack && each.key in wanted).map(({ name }) => name);
  const lost = named.find((name) => !container.networks.includes(name));
  if (lost !== undefined) return `it was disconnected from the network ${lost}`;
  const joined = container.networks.find((name) => !named.includes(name));
  return joined !== undefined ? `it was connected to the network ${joined}` : undefined;
}

function updateCause(definition: Definition, { limits, restartPolicy }: LiveContainer): string | undefined {
  const policy = wantedPolicy(definition);
  if ((restartPolicy || 'no') !== policy) return `its restart policy was changed to ${restartPolicy || 'no'}`;
  const wanted = wantedLimits(definition);
  const name = (Object.keys(limits) as (keyof LiveLimits)[]).find((each) => limits[each] !== wanted[each]);
  return name && `its limit of ${name} was changed to ${limits[name]}`;
}

/** Compose counts with 32 bits. */
export function thousandths(cpus: number): number {
  return Math.round(cpus * 1000) / 1000;
}

/** As Compose maps it: `restart` counts before `deploy`. */
function wantedPolicy({ restart, deploy }: Definition): string {
  const condition = deploy?.restart_policy?.condition ?? 'no';
  const said = restart || ({ none: 'no', any: 'always' }[condition] ?? condition);
  return said.split(':')[0] ?? said;
}

/** By the names that Docker has for them. `deploy` counts before the older fields of a service. */
function wantedLimits({ deploy, ...service }: Definition): LiveLimits {
  const { limits, reservations } = deploy?.resources ?? {};
  return {
    memory: Number(limits?.memory ?? service.mem_limit ?? 0),
    'reserved memory': Number(reservations?.memory ?? service.mem_reservation ?? 0),
    CPUs: thousandths(Number(limits?.cpus ?? service.cpus ?? 0)),
    'CPU shares': Number(service.cpu_shares ?? 0),
    'CPU set': service.cpuset ?? '',
    processes: Number(limits?.pids ?? service.pids_limit ?? 0),
  };
}
