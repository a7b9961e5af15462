import { messageOf } from './errors.ts';
import { type Baseline, type Examined, examine, type Observation, verdictOf } from './health.ts';
import type { Evidence, HealthSpec, LiveContainers, Verdict } from './model.ts';
import type { Clock, Prober, Reporter } from './ports.ts';
import { isReadable, observationsOf, type Sample, type TargetLook, type WatchState, weigh } from './weigh.ts';

/** What is watched on one target. */
export interface WatchedTarget {
  /** The target's name, put before what is seen of it; empty in an environment with only one. */
  readonly name: string;
  readonly desired: Examined;
  readonly baseline: Baseline;
  readonly look: () => Promise<LiveContainers>;
}

export interface WatchInput {
  readonly targets: readonly WatchedTarget[];
  readonly spec: HealthSpec;
  readonly probe: Prober;
  readonly clock: Clock;
  readonly reporter: Reporter;
  readonly signal: AbortSignal;
}

const INTERVAL_MS = 1000;

/** Looks once a second until there is one verdict over all targets. Never throws for a host that can't be read: that is `unknown`. */
export async function watch(input: WatchInput): Promise<Verdict> {
  let state: WatchState = { since: input.clock.now(), running: new Map() };
  let shown = '';
  for (;;) {
    const sample = await take(input);
    shown = tell(input.reporter, sample, shown);
    const step = weigh(state, sample, input.spec);
    if (step.verdict) return step.verdict;
    state = step.state;
    await input.clock.sleep(INTERVAL_MS, input.signal);
  }
}

/** One look, without waiting for anything to get better. */
export async function lookOnce(input: WatchInput): Promise<Verdict> {
  const sample = await take(input);
  return verdictOf(observationsOf(sample), isReadable(sample));
}

async function take({ targets, probe, clock, signal }: WatchInput): Promise<Sample> {
  const [looks, evidence] = await Promise.all([
    Promise.all(targets.map((target) => lookAt(target, signal))),
    probe(signal),
  ]);
  return { at: clock.now(), looks, probes: evidence.map(fromProbe) };
}

async function lookAt({ name, desired, baseline, look }: WatchedTarget, signal: AbortSignal): Promise<TargetLook> {
  const { value: live, seen } = await read(look, signal);
  const observations = live ? examine(desired, live, baseline) : [unread(seen)];
  const named = observations.map((each) => ({ ...each, subject: onTarget(name, each.subject) }));
  return { services: desired.services, baseline, live, observations: named };
}

function onTarget(target: string, subject: string): string {
  return target === '' ? subject : `${target}: ${subject}`;
}

async function read(
  look: () => Promise<LiveContainers>,
  signal: AbortSignal,
): Promise<{ value?: LiveContainers; seen: string }> {
  try {
    return { value: await look(), seen: '' };
  } catch (error) {
    signal.throwIfAborted();
    return { seen: messageOf(error) };
  }
}

function unread(seen: string): Observation {
  return { subject: 'host', condition: 'unknown', seen, decisive: true };
}

/** A degraded probe is worth a word, e.g. of a certificate that soon expires, and no reason to go back. */
function fromProbe({ subject, verdict, seen }: Evidence): Observation {
  if (verdict === 'degraded') return { subject, condition: 'starting', seen, decisive: false };
  const condition = verdict === 'healthy' ? 'ok' : verdict === 'unknown' ? 'unknown' : 'bad';
  return { subject, condition, seen, decisive: true };
}

/** Tells each new state of affairs once. */
function tell(reporter: Reporter, sample: Sample, shown: string): string {
  const line = observationsOf(sample)
    .map(({ subject, condition }) => `${subject} ${condition}`)
    .join(', ');
  if (line !== shown) reporter.detail(line);
  return line;
}
