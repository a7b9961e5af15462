import { type Baseline, type Observation, seconds, verdictOf } from './health.ts';
import type { DesiredService, HealthSpec, Live, LiveContainer, ServiceRole, Verdict } from './model.ts';

/** What keeps running for less may be about to crash. */
const SHORTEST_RUN_MS = 10_000;

/** What a watch remembers between two samples. Times are milliseconds of one clock of the runner. */
export interface WatchState {
  readonly since: number;
  readonly healthySince?: number;
  /** Which containers that decide ran at `healthySince`; a restart begins the window again. */
  readonly signature?: string;
}

export interface Sample {
  readonly at: number;
  /** `undefined` if the host could not be read. */
  readonly live: Live | undefined;
  readonly observations: readonly Observation[];
}

/** One step of a watch: what to remember, and the verdict once there is one. Pure. */
export function weigh(
  state: WatchState,
  sample: Sample,
  spec: HealthSpec,
  services: readonly DesiredService[],
  baseline: Baseline,
): { readonly state: WatchState; readonly verdict?: Verdict } {
  const decisive = sample.observations.filter((each) => each.decisive);
  if (decisive.some(({ condition }) => condition === 'failed')) return conclude(state, sample);
  const good = sample.live !== undefined && decisive.every(({ condition }) => condition === 'ok');
  const next = good ? remember(state, sample) : { since: state.since };
  if (next.healthySince === undefined) {
    return sample.at - state.since >= spec.deadlineMs ? conclude(next, late(sample, spec)) : { state: next };
  }
  const stable = sample.at - next.healthySince >= spec.stabilityMs;
  return stable && ranLongEnough(sample.live, services, baseline, spec) ? conclude(next, sample) : { state: next };
}

function remember(state: WatchState, sample: Sample): WatchState {
  const deciding = new Set(sample.observations.filter(({ decisive }) => decisive).map(({ subject }) => subject));
  const signature = (sample.live?.containers ?? [])
    .filter((each) => deciding.has(each.service) && !each.oneOff)
    .map((each) => `${each.id}@${each.startedAt}`)
    .sort()
    .join();
  const same = state.healthySince !== undefined && state.signature === signature;
  return same ? state : { since: state.since, healthySince: sample.at, signature };
}

/** What is still starting at the deadline is not waited for any longer. */
function late(sample: Sample, { deadlineMs }: HealthSpec): Sample {
  const observations = sample.observations.map((each): Observation => {
    if (!each.decisive || each.condition !== 'starting') return each;
    return { ...each, condition: 'bad', seen: `${each.seen} after ${seconds(deadlineMs)}` };
  });
  return { ...sample, observations };
}

/** A changed service without a health check has nothing to show but that it keeps running. */
function ranLongEnough(
  live: Live | undefined,
  services: readonly DesiredService[],
  { changed }: Baseline,
  spec: HealthSpec,
): boolean {
  const wanted = Math.max(spec.stabilityMs, SHORTEST_RUN_MS);
  const unproven = new Set(
    services.filter((each) => provesNothing(each) && changed.has(each.name)).map(({ name }) => name),
  );
  // A health check may come with the image, and then the Compose file says nothing of it.
  const proven = ({ oneOff, health, service }: LiveContainer) => oneOff || health || !unproven.has(service);
  return (live?.containers ?? []).every((each) => proven(each) || (live && live.at - each.startedAt >= wanted));
}

function provesNothing(service: { readonly role: ServiceRole; readonly hasHealthcheck: boolean }): boolean {
  return service.role === 'service' && !service.hasHealthcheck;
}

function conclude(state: WatchState, sample: Sample): { readonly state: WatchState; readonly verdict: Verdict } {
  return { state, verdict: verdictOf(sample.observations, sample.live !== undefined) };
}
