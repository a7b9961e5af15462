import { describe, expect, it } from 'vitest';
import { type Baseline, examine, type Observation } from './health.ts';
import type { DesiredService, HealthSpec, Live, LiveContainer, Verdict } from './model.ts';
import { desired, healthSpec, service } from './testing/desired-state.ts';
import { container, healthResult, live, NOW } from './testing/live-state.ts';
import { type Sample, type WatchState, weigh } from './weigh.ts';

const web = service();
const checked = service({ hasHealthcheck: true });
const job = service({ name: 'migrate', role: 'job' });

function baseline(said: Partial<Baseline> = {}): Baseline {
  return { changed: new Set(), sick: new Set(), restarts: new Map(), ...said };
}

interface Watched {
  readonly services?: readonly DesiredService[];
  readonly before?: Baseline;
  readonly spec?: Partial<HealthSpec>;
}

/** Weighs one look a second until there is a verdict, and says when. */
function weighAll(
  look: (second: number) => Live | undefined,
  options: Watched = {},
): { readonly second: number; readonly verdict: Verdict } {
  const { services = [web], before = baseline({ changed: new Set(['shop/web']) }), spec = {} } = options;
  let state: WatchState = { since: 0, running: new Map() };
  for (let second = 0; second < 1000; second += 1) {
    const step = weigh(state, sampleOf(look(second), second, services, before), healthSpec(spec));
    if (step.verdict) return { second, verdict: step.verdict };
    state = step.state;
  }
  throw new Error('no verdict in 1000 looks');
}

function sampleOf(
  seen: Live | undefined,
  second: number,
  services: readonly DesiredService[],
  before: Baseline,
): Sample {
  const unread: Observation = { subject: 'host', condition: 'unknown', seen: 'gone', decisive: true };
  const observations = seen ? examine(desired({ services }), seen, before) : [unread];
  return { at: second * 1000, looks: [{ services, baseline: before, live: seen, observations }], probes: [] };
}

/** Runs since second `started` of the watch. */
function running(of: DesiredService, second: number, started: number, said: Partial<LiveContainer> = {}): Live {
  const at = NOW + second * 1000;
  const each = container(of, { startedAt: NOW + started * 1000, ...said });
  return live({ at, containers: [each.health ? { ...each, health: { ...each.health, checkedAt: at } } : each] });
}

describe('a watch', () => {
  it('ends healthy when everything stayed so for the stability window', () => {
    expect(weighAll((second) => running(web, second, -60))).toMatchObject({
      second: 15,
      verdict: { verdict: 'healthy' },
    });
  });

  it.each<[what: string, stability: number, started: number, end: number]>([
    ['the stability window', 15_000, 0, 15],
    ['10 s if that is longer', 2000, 0, 10],
    ['10 s even without a window', 0, 0, 10],
    ['10 s that the runner has seen, whatever the clock of the host says', 0, -3600, 10],
  ])('lets a changed service without a check run for %s', (_, stabilityMs, started, end) => {
    expect(weighAll((second) => running(web, second, started), { spec: { stabilityMs } }).second).toBe(end);
  });

  it('does not take a container for an old one when the clock of the host is set forward', () => {
    const crashing = (second: number) => {
      const starts = Math.floor(second / 6);
      const seen = running(web, second, starts * 6, { restartPolicy: 'always', restartCount: starts });
      return second < 3 ? seen : { ...seen, at: seen.at + 3_600_000 };
    };
    expect(weighAll(crashing, { spec: { stabilityMs: 0 } }).verdict.verdict).toBe('unhealthy');
  });

  it.each<[what: string, of: DesiredService, changed: boolean]>([
    ['with a check', checked, true],
    ['that did not change', web, false],
    ['that is optional', service({ role: 'optional' }), true],
  ])('asks for no more than the window of a service %s', (_, of, isChanged) => {
    const before = baseline({ changed: new Set(isChanged ? ['shop/web'] : []) });
    const result = weighAll((second) => running(of, second, 0), {
      services: [of],
      before,
      spec: { stabilityMs: 2000 },
    });
    expect(result).toMatchObject({ second: 2, verdict: { verdict: 'healthy' } });
  });

  it('trusts a check that comes with the image, of which the Compose file says nothing', () => {
    const looks = (second: number) => running(web, second, 0, { health: healthResult('healthy') });
    expect(weighAll(looks, { spec: { stabilityMs: 2000 } }).second).toBe(2);
  });

  it('begins the window again when a container restarts', () => {
    const result = weighAll((second) => running(web, second, second < 12 ? 0 : 12));
    expect(result).toMatchObject({ second: 27, verdict: { verdict: 'healthy' } });
  });

  it('begins the window again after a look that was not good', () => {
    const looks = (second: number) => (second === 12 ? undefined : running(web, second, -60));
    expect(weighAll(looks)).toMatchObject({ second: 28, verdict: { verdict: 'healthy' } });
  });

  it.each<[what: string, neighbour: DesiredService, sick: readonly string[]]>([
    ['a sick neighbour', service({ name: 'old' }), ['shop/old']],
    ['an optional service', service({ name: 'old', role: 'optional' }), []],
  ])('is not held up by %s that restarts again and again', (_, neighbour, sick) => {
    const looks = (second: number) => {
      const flapping = container(neighbour, { startedAt: NOW + (second - (second % 3)) * 1000, restartCount: second });
      return { ...running(web, second, -60), containers: [container(web), flapping] };
    };
    const before = baseline({ changed: new Set(['shop/web']), sick: new Set(sick) });
    const { second, verdict } = weighAll(looks, { services: [web, neighbour], before });
    expect(second).toBe(15);
    expect(verdict.verdict).toBe('degraded');
  });

  it('is not held up by a container of `docker compose run`', () => {
    const looks = (second: number) => {
      const oneOff = container(web, { id: `run ${second}`, startedAt: NOW + second * 1000, oneOff: true });
      return { ...running(web, second, -60), containers: [container(web, { startedAt: NOW - 60_000 }), oneOff] };
    };
    expect(weighAll(looks)).toMatchObject({ second: 15, verdict: { verdict: 'healthy' } });
  });

  it('ends unhealthy at once when something failed for good', () => {
    const result = weighAll((second) => running(web, second, 0, second < 3 ? {} : { state: 'exited', exitCode: 1 }));
    expect(result).toMatchObject({ second: 3, verdict: { verdict: 'unhealthy' } });
  });

  it('ends unhealthy after five restarts, long before the deadline', () => {
    const result = weighAll((second) =>
      running(web, second, second, { restartCount: second, restartPolicy: 'always' }),
    );
    expect(result).toMatchObject({ second: 5, verdict: { verdict: 'unhealthy' } });
  });

  it('ends unhealthy at the deadline when a check still fails', () => {
    const result = weighAll((second) => running(checked, second, 0, { health: healthResult('unhealthy') }), {
      services: [checked],
    });
    expect(result).toMatchObject({ second: 120, verdict: { verdict: 'unhealthy' } });
  });

  it('ends unhealthy at the deadline when a check never had a result, or a job never ended', () => {
    const starting = weighAll((second) => running(checked, second, 0, { health: healthResult('starting') }), {
      services: [checked],
    });
    expect(starting).toMatchObject({ second: 120, verdict: { verdict: 'unhealthy' } });
    expect(starting.verdict.evidence[0]?.seen).toBe('health check has no result yet after 120 s');
    const working = weighAll((second) => running(job, second, 0, { state: 'running' }), { services: [job] });
    expect(working).toMatchObject({ second: 120, verdict: { verdict: 'unhealthy' } });
  });

  it('ends unknown at the deadline when the host could not be read, and never healthy', () => {
    expect(weighAll(() => undefined)).toMatchObject({ second: 120, verdict: { verdict: 'unknown' } });
    const flickering = weighAll((second) => (second % 10 === 0 ? undefined : running(web, second, -60)));
    expect(flickering).toMatchObject({ second: 120, verdict: { verdict: 'unknown' } });
  });

  it('may use the stability window beyond the deadline', () => {
    const looks = (second: number) =>
      running(checked, second, 0, { health: healthResult(second < 119 ? 'unhealthy' : 'healthy') });
    expect(weighAll(looks, { services: [checked] })).toMatchObject({ second: 134, verdict: { verdict: 'healthy' } });
  });

  it('of nothing ends healthy', () => {
    expect(weighAll(() => live(), { services: [] })).toMatchObject({ second: 15, verdict: { verdict: 'healthy' } });
  });
});
