import { type Baseline, type Observation, seconds, verdictOf } from './health.ts';
import type { DesiredService, HealthSpec, LiveContainer, LiveContainers, Verdict } from './model.ts';
import { keyOf, serviceOf } from './service-name.ts';

/** What keeps running for less may be about to crash. */
const SHORTEST_RUN_MS = 10_000;

/** What a watch remembers between two samples. Times are milliseconds of one clock of the runner. */
export interface WatchState {
  readonly since: number;
  readonly healthySince?: number;
  /** Which containers that decide ran at `healthySince`; a restart begins the window again. */
  readonly signature?: string;
  /** Since when each container is seen to run without a break, by `lifeOf`. The host's clock may be set meanwhile. */
  readonly running: ReadonlyMap<string, number>;
}

/** One look at one target. */
export interface TargetLook {
  readonly services: readonly DesiredService[];
  readonly baseline: Baseline;
  /** `undefined` if the host could not be read. */
  readonly live: LiveContainers | undefined;
  readonly observations: readonly Observation[];
}

/** One look at everything that is watched. */
export interface Sample {
  readonly at: number;
  readonly looks: readonly TargetLook[];
  readonly probes: readonly Observation[];
}

/** All that was observed, targets first. */
export function observationsOf({ looks, probes }: Sample): readonly Observation[] {
  return [...looks.flatMap(({ observations }) => observations), ...probes];
}

/** One step of a watch: what to remember, and the verdict once there is one. Pure. */
export function weigh(
  state: WatchState,
  sample: Sample,
  spec: HealthSpec,
): { readonly state: WatchState; readonly verdict?: Verdict } {
  const decisive = observationsOf(sample).filter((each) => each.decisive);
  if (decisive.some(({ condition }) => condition === 'failed')) return conclude(state, sample);
  const good = isReadable(sample) && decisive.every(({ condition }) => condition === 'ok');
  const running = stillRunning(state, sample);
  const next = good ? remember({ ...state, running }, sample) : { since: state.since, running };
  if (next.healthySince === undefined) {
    return sample.at - state.since >= spec.deadlineMs ? conclude(next, late(sample, spec)) : { state: next };
  }
  const stable = sample.at - next.healthySince >= spec.stabilityMs;
  const proven = sample.looks.every((look) => ranLongEnough(look, sample.at, running, spec));
  return stable && proven ? conclude(next, sample) : { state: next };
}

/** Every host could be read. */
export function isReadable({ looks }: Sample): boolean {
  return looks.every(({ live }) => live !== undefined);
}

function remember(state: WatchState, sample: Sample): WatchState {
  const signature = sample.looks.map(signatureOf).join(';');
  const same = state.healthySince !== undefined && state.signature === signature;
  return same ? state : { ...state, healthySince: sample.at, signature };
}

function stillRunning(state: WatchState, { at, looks }: Sample): ReadonlyMap<string, number> {
  const lives = looks.flatMap(({ live }) => live?.containers ?? []).map(lifeOf);
  return new Map(lives.map((life) => [life, state.running.get(life) ?? at]));
}

/** A container from one start to the next. */
function lifeOf({ id, startedAt }: LiveContainer): string {
  return `${id}@${startedAt}`;
}

function signatureOf({ live, observations }: TargetLook): string {
  const deciding = new Set(observations.filter(({ decisive }) => decisive).map(({ service }) => service));
  return (live?.containers ?? [])
    .filter((each) => deciding.has(serviceOf(each)) && !each.oneOff)
    .map(lifeOf)
    .sort()
    .join();
}

/** What is still starting at the deadline is not waited for any longer. */
function late({ at, looks, probes }: Sample, { deadlineMs }: HealthSpec): Sample {
  const tooLate = (each: Observation): Observation => {
    if (!each.decisive || each.condition !== 'starting') return each;
    return { ...each, condition: 'bad', seen: `${each.seen} after ${seconds(deadlineMs)}` };
  };
  return { at, looks: looks.map((look) => ({ ...look, observations: look.observations.map(tooLate) })), probes };
}

/** A changed service without a health check has nothing to show but that it keeps running. */
function ranLongEnough(
  { live, services, baseline }: TargetLook,
  at: number,
  running: ReadonlyMap<string, number>,
  { stabilityMs }: HealthSpec,
): boolean {
  const wanted = Math.max(stabilityMs, SHORTEST_RUN_MS);
  const unproven = new Set(
    services
      .filter(provesNothing)
      .map(keyOf)
      .filter((key) => baseline.changed.has(key)),
  );
  // A health check may come with the image, and then the Compose file says nothing of it.
  const proven = (each: LiveContainer) => each.oneOff || each.health || !unproven.has(serviceOf(each));
  const ran = (each: LiveContainer) => at - (running.get(lifeOf(each)) ?? at);
  return (live?.containers ?? []).every((each) => proven(each) || ran(each) >= wanted);
}

function provesNothing({ role, hasHealthcheck }: DesiredService): boolean {
  return role === 'service' && !hasHealthcheck;
}

function conclude(state: WatchState, sample: Sample): { readonly state: WatchState; readonly verdict: Verdict } {
  return { state, verdict: verdictOf(observationsOf(sample), isReadable(sample)) };
}
