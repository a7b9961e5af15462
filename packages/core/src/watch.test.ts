import { describe, expect, it } from 'vitest';
import { NO_BASELINE } from './health.ts';
import type { Evidence, Live } from './model.ts';
import { desired, healthSpec, service } from './testing/desired-state.ts';
import { container, healthResult, live, NOW } from './testing/live-state.ts';
import { ManualClock } from './testing/manual-clock.ts';
import { RecordingReporter } from './testing/recording-reporter.ts';
import { lookOnce, type WatchedTarget, type WatchInput, watch } from './watch.ts';

const web = service({ hasHealthcheck: true });
const well = live({ containers: [container(web)] });
const sick = live({ containers: [container(web, { health: healthResult('unhealthy', { output: 'no database' }) })] });

function target(said: Partial<WatchedTarget> = {}): WatchedTarget {
  return {
    name: '',
    desired: desired({ services: [web] }),
    baseline: { ...NO_BASELINE, changed: new Set(['shop/web']) },
    look: async () => well,
    ...said,
  };
}

/** A watch of one target, unless more are named. */
function input({ look, ...said }: Partial<WatchInput & Pick<WatchedTarget, 'look'>> = {}): WatchInput & {
  clock: ManualClock;
  reporter: RecordingReporter;
} {
  return {
    targets: [target(look && { look })],
    spec: healthSpec(),
    probe: async () => [],
    signal: new AbortController().signal,
    ...said,
    clock: new ManualClock(),
    reporter: new RecordingReporter(),
  };
}

/** What the host shows at each look; the last one stays. */
function inTurn(...looks: readonly (Live | Error)[]): () => Promise<Live> {
  let count = 0;
  return async () => {
    const look = looks[Math.min(count, looks.length - 1)];
    count += 1;
    if (look === undefined || look instanceof Error) throw look;
    return look;
  };
}

function probe(verdict: Evidence['verdict']): () => Promise<readonly Evidence[]> {
  return async () => [{ subject: 'shop', verdict, seen: `https://shop.example.com is ${verdict}` }];
}

describe('watch', () => {
  it('looks once a second and ends healthy after the stability window', async () => {
    const watched = input();
    expect((await watch(watched)).verdict).toBe('healthy');
    expect(watched.clock.now()).toBe(15_000);
  });

  it('waits for a service to become healthy', async () => {
    const watched = input({ look: inTurn(sick, sick, sick, well) });
    expect((await watch(watched)).verdict).toBe('healthy');
    expect(watched.clock.now()).toBe(18_000);
  });

  it('ends unhealthy at the deadline, and says what the check said', async () => {
    const watched = input({ look: async () => sick });
    expect(await watch(watched)).toEqual({
      verdict: 'unhealthy',
      evidence: [{ subject: 'web', verdict: 'unhealthy', seen: 'health check fails: no database' }],
    });
    expect(watched.clock.now()).toBe(120_000);
  });

  it('ends unknown at the deadline when the host can not be read', async () => {
    const watched = input({ look: inTurn(new Error('connection lost')) });
    expect(await watch(watched)).toEqual({
      verdict: 'unknown',
      evidence: [{ subject: 'host', verdict: 'unknown', seen: 'connection lost' }],
    });
    expect(watched.clock.now()).toBe(120_000);
  });

  it('gets over a host that can not be read for a while', async () => {
    const watched = input({ look: inTurn(well, new Error('timed out'), well) });
    expect((await watch(watched)).verdict).toBe('healthy');
    expect(watched.clock.now()).toBe(17_000);
  });

  it.each<[probe: Evidence['verdict'], verdict: string, endMs: number]>([
    ['healthy', 'healthy', 15_000],
    ['degraded', 'degraded', 15_000],
    ['unhealthy', 'unhealthy', 120_000],
    ['unknown', 'unknown', 120_000],
  ])('lets a probe that is %s decide: %s', async (said, verdict, endMs) => {
    const watched = input({ probe: probe(said) });
    expect((await watch(watched)).verdict).toBe(verdict);
    expect(watched.clock.now()).toBe(endMs);
  });

  it('tells each new state of affairs once', async () => {
    const watched = input({ look: inTurn(sick, sick, well, well), probe: probe('healthy') });
    await watch(watched);
    expect(watched.reporter.details).toEqual(['web bad, shop ok', 'web ok, shop ok']);
  });

  it('stops at once when the run is cancelled', async () => {
    const controller = new AbortController();
    const stop = new Error('cancelled');
    const watched = input({ signal: controller.signal });
    const clock = new ManualClock((now) => now === 3000 && controller.abort(stop));
    await expect(watch({ ...watched, clock })).rejects.toBe(stop);
    expect(clock.now()).toBe(3000);
  });

  it('does not take a look that the cancellation broke off for an unreadable host', async () => {
    const stop = new Error('cancelled');
    const watched = input({ signal: AbortSignal.abort(stop), look: inTurn(new Error('channel closed')) });
    await expect(watch(watched)).rejects.toBe(stop);
  });
});

describe('a watch of several targets', () => {
  const at = (name: string, look: () => Promise<Live>) => target({ name, look });

  it('ends healthy when all were so at the same time for the stability window', async () => {
    const watched = input({ targets: [at('a', inTurn(sick, well)), at('b', inTurn(sick, sick, sick, well))] });
    const verdict = await watch(watched);
    expect(verdict.verdict).toBe('healthy');
    expect(verdict.evidence.map(({ subject }) => subject)).toEqual(['a: web', 'b: web']);
    expect(watched.clock.now()).toBe(18_000);
  });

  it('ends unhealthy as a whole at once when something failed for good on one', async () => {
    const down = live({ containers: [container(web, { state: 'exited', exitCode: 1 })] });
    const watched = input({ targets: [at('a', async () => well), at('b', inTurn(well, well, down))] });
    expect((await watch(watched)).verdict).toBe('unhealthy');
    expect(watched.clock.now()).toBe(2000);
  });

  it('is unknown when one can not be read, and unhealthy when another is', async () => {
    const gone = inTurn(new Error('gone'));
    const unread = { subject: 'b: host', verdict: 'unknown', seen: 'gone' };
    const unknown = await watch(input({ targets: [at('a', async () => well), at('b', gone)] }));
    expect(unknown.verdict).toBe('unknown');
    expect(unknown.evidence).toContainEqual(unread);
    const unhealthy = await watch(input({ targets: [at('a', async () => sick), at('b', gone)] }));
    expect(unhealthy.verdict).toBe('unhealthy');
    expect(unhealthy.evidence).toContainEqual(unread);
  });

  it('blames no target for the sick neighbours or the changes of another', async () => {
    const down = async () => live({ containers: [container(web, { state: 'exited', exitCode: 1 })] });
    const sickBefore = { ...NO_BASELINE, sick: new Set(['shop/web']) };
    const neighbour = { ...at('b', down), baseline: { ...sickBefore, changed: new Set<string>() } };
    expect((await watch(input({ targets: [at('a', async () => well), neighbour] }))).verdict).toBe('degraded');
  });
});

describe('one look', () => {
  it('waits for nothing', async () => {
    const watched = input({ look: async () => ({ ...well, at: NOW + 1 }) });
    expect((await lookOnce(watched)).verdict).toBe('healthy');
    expect(watched.clock.now()).toBe(0);
  });

  it.each<[what: string, look: () => Promise<Live>, verdict: string]>([
    ['a failing check', async () => sick, 'unhealthy'],
    [
      'a check without a result',
      async () => live({ containers: [container(web, { health: healthResult('starting') })] }),
      'degraded',
    ],
    ['a host that can not be read', inTurn(new Error('gone')), 'unknown'],
  ])('at %s says %s', async (_, look, verdict) => {
    expect((await lookOnce(input({ look }))).verdict).toBe(verdict);
  });
});
