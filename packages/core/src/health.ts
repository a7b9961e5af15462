import type {
  Desired,
  DesiredService,
  Evidence,
  LiveContainer,
  LiveContainers,
  Verdict,
  VerdictName,
} from './model.ts';
import { keyOf, serviceOf, subjectOf } from './service-name.ts';

/**
 * What one look says of one subject: `starting` and `bad` may still turn `ok`, `failed` will not.
 * `unknown` is what could not be measured, and never counts as good.
 */
export type Condition = 'ok' | 'starting' | 'bad' | 'failed' | 'unknown';

export interface Observation {
  readonly subject: string;
  /** The service it is about, by `keyOf`; left out for probes and for the host itself. */
  readonly service?: string;
  readonly condition: Condition;
  /** One line: what was seen. */
  readonly seen: string;
  /** `optional` subjects, and neighbours that were sick before, degrade a verdict but do not decide it. */
  readonly decisive: boolean;
}

/** What is known before the first step, so that the watch blames a deployment only for what it did. */
export interface Baseline {
  /** Services by `keyOf`. */
  readonly changed: ReadonlySet<string>;
  readonly sick: ReadonlySet<string>;
  /** Restart counts by container id. */
  readonly restarts: ReadonlyMap<string, number>;
}

export const NO_BASELINE: Baseline = { changed: new Set(), sick: new Set(), restarts: new Map() };

/** A container that was restarted this often since the first step will not make it. */
const HOPELESS_RESTARTS = 5;

/** What of a desired state is looked at. */
export type Examined = Pick<Desired, 'stacks' | 'services'>;

/** Looks at every service once. */
export function examine(
  { stacks, services }: Examined,
  live: LiveContainers,
  baseline: Baseline,
): readonly Observation[] {
  return services.map((service) => {
    const key = keyOf(service);
    const [condition, seen] = worst(service, containersOf(service, live), live, baseline);
    const neighbour = baseline.sick.has(key) && !baseline.changed.has(key);
    const decisive = service.role !== 'optional' && !neighbour;
    return { subject: subjectOf(service, stacks), service: key, condition, seen, decisive };
  });
}

function containersOf(service: DesiredService, live: LiveContainers): readonly LiveContainer[] {
  const key = keyOf(service);
  return live.containers.filter((each) => !each.oneOff && serviceOf(each) === key);
}

/** Services that are unhealthy before the first step, by `keyOf`; one that only just starts is not. */
export function sickServices(desired: Examined, live: LiveContainers): ReadonlySet<string> {
  const sick = examine(desired, live, NO_BASELINE).filter(
    ({ condition }) => condition === 'bad' || condition === 'failed',
  );
  return new Set(sick.flatMap(({ service }) => service ?? []));
}

/** Restart counts before the first step. */
export function restartCounts(live: LiveContainers): ReadonlyMap<string, number> {
  return new Map(live.containers.map(({ id, restartCount }) => [id, restartCount]));
}

type Look = readonly [Condition, string];

const ORDER: readonly Condition[] = ['failed', 'bad', 'unknown', 'starting', 'ok'];

function worst(
  service: DesiredService,
  containers: readonly LiveContainer[],
  live: LiveContainers,
  baseline: Baseline,
): Look {
  if (containers.length < service.replicas) {
    return ['failed', `${containers.length} of ${service.replicas} containers exist`];
  }
  const looks = containers.map((container) => look(service, container, live, baseline));
  return looks.sort(([a], [b]) => ORDER.indexOf(a) - ORDER.indexOf(b))[0] ?? ['ok', 'no container wanted'];
}

function look(service: DesiredService, container: LiveContainer, live: LiveContainers, baseline: Baseline): Look {
  if (service.imageId !== '' && container.imageId !== service.imageId) {
    return ['failed', `runs image ${short(container.imageId)} instead of ${short(service.imageId)}`];
  }
  if (container.configHash !== service.configHash)
    return ['failed', 'runs another configuration than the one deployed'];
  const restarts = container.restartCount - (baseline.restarts.get(container.id) ?? 0);
  if (baseline !== NO_BASELINE && restarts >= HOPELESS_RESTARTS) {
    return ['failed', `crash loop: restarted ${restarts} times, last exit code ${container.exitCode}`];
  }
  if (service.role === 'job') return lookAtJob(container);
  return container.state === 'running' ? lookAtRunning(container, live) : lookAtStopped(container);
}

function lookAtJob(container: LiveContainer): Look {
  if (container.state === 'running' || container.state === 'created') return ['starting', `job is ${container.state}`];
  if (container.state === 'exited' && container.exitCode === 0) return ['ok', 'job exited 0'];
  const said = `job is ${container.state} with exit code ${container.exitCode}`;
  return [container.state === 'restarting' ? 'bad' : 'failed', said];
}

/** A result from before the start says nothing of the container as it is now. */
function lookAtRunning({ health, startedAt }: LiveContainer, live: LiveContainers): Look {
  if (!health) return ['ok', `running for ${seconds(Math.max(0, live.at - startedAt))}`];
  if (health.checkedAt < startedAt || health.status === 'starting')
    return ['starting', 'health check has no result yet'];
  return health.status === 'healthy' ? ['ok', 'health check passes'] : ['bad', `health check fails: ${health.output}`];
}

function lookAtStopped(container: LiveContainer): Look {
  const detail = `${container.state}, exit code ${container.exitCode}${container.oomKilled ? ', out of memory' : ''}`;
  const willRestart =
    container.state === 'restarting' || /^(always|unless-stopped|on-failure)/.test(container.restartPolicy);
  if (container.state === 'created') return ['failed', 'created, never started'];
  return willRestart && container.state !== 'dead' ? ['bad', detail] : ['failed', detail];
}

/** The verdict of one look. What could not be read is `unknown`; a failing service outweighs it. */
export function verdictOf(observations: readonly Observation[], readable: boolean): Verdict {
  const evidence = observations.map(
    ({ subject, condition, seen }): Evidence => ({ subject, seen, verdict: verdictName(condition) }),
  );
  return { verdict: combine(observations, readable), evidence };
}

function combine(observations: readonly Observation[], readable: boolean): VerdictName {
  const conditions = observations.filter(({ decisive }) => decisive).map(({ condition }) => condition);
  if (conditions.some((each) => each === 'failed' || each === 'bad')) return 'unhealthy';
  if (!readable || conditions.includes('unknown')) return 'unknown';
  return observations.every(({ condition }) => condition === 'ok') ? 'healthy' : 'degraded';
}

function verdictName(condition: Condition): VerdictName {
  if (condition === 'ok') return 'healthy';
  if (condition === 'starting') return 'degraded';
  return condition === 'unknown' ? 'unknown' : 'unhealthy';
}

/** A duration for people. */
export function seconds(ms: number): string {
  return `${Math.max(0, Math.round(ms / 1000))} s`;
}

function short(imageId: string): string {
  return imageId.replace('sha256:', '').slice(0, 12);
}
