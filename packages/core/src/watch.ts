import { messageOf } from './errors.ts';
import { type Baseline, examine, type Observation, verdictOf } from './health.ts';
import type { DesiredService, Evidence, HealthSpec, Live, Verdict } from './model.ts';
import type { Clock, Prober, Reporter } from './ports.ts';
import { type Sample, type WatchState, weigh } from './weigh.ts';

export interface WatchInput {
  readonly services: readonly DesiredService[];
  readonly spec: HealthSpec;
  readonly baseline: Baseline;
  readonly observe: () => Promise<Live>;
  readonly probe: Prober;
  readonly clock: Clock;
  readonly reporter: Reporter;
  readonly signal: AbortSignal;
}

const INTERVAL_MS = 1000;

/** Looks once a second until there is a verdict. Never throws for a host that can't be read: that is `unknown`. */
export async function watch(input: WatchInput): Promise<Verdict> {
  let state: WatchState = { since: input.clock.now() };
  let shown = '';
  for (;;) {
    const sample = await take(input);
    shown = tell(input.reporter, sample, shown);
    const step = weigh(state, sample, input.spec, input.services, input.baseline);
    if (step.verdict) return step.verdict;
    state = step.state;
    await input.clock.sleep(INTERVAL_MS, input.signal);
  }
}

/** One look, without waiting for anything to get better. */
export async function lookOnce(input: WatchInput): Promise<Verdict> {
  const sample = await take(input);
  return verdictOf(sample.observations, sample.live !== undefined);
}

async function take(input: WatchInput): Promise<Sample> {
  const [live, probes] = await Promise.all([read(input), input.probe(input.signal)]);
  const services = live.value ? examine(input.services, live.value, input.baseline) : [unread(live.seen)];
  return { at: input.clock.now(), live: live.value, observations: [...services, ...probes.map(fromProbe)] };
}

async function read({ observe, signal }: WatchInput): Promise<{ value?: Live; seen: string }> {
  try {
    return { value: await observe(), seen: '' };
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
  const line = sample.observations.map(({ subject, condition }) => `${subject} ${condition}`).join(', ');
  if (line !== shown) reporter.detail(line);
  return line;
}
