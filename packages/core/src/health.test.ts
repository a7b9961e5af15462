import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Baseline,
  type Condition,
  examine,
  NO_BASELINE,
  type Observation,
  restartCounts,
  sickServices,
  verdictOf,
} from './health.ts';
import type { DesiredService, LiveContainer } from './model.ts';
import { desired, imageId, service } from './testing/desired-state.ts';
import { container, healthResult, live, NOW } from './testing/live-state.ts';

const web = service();
const checked = service({ hasHealthcheck: true });
const job = service({ name: 'migrate', role: 'job' });

/** Blames the deployment for everything, as one that changed every service. */
function baseline(said: Partial<Baseline> = {}): Baseline {
  return { changed: new Set(), sick: new Set(), restarts: new Map(), ...said };
}

function lookAt(each: DesiredService, said: Partial<LiveContainer>, before: Baseline = baseline()): Observation {
  const [observation] = examine(desired({ services: [each] }), live({ containers: [container(each, said)] }), before);
  if (!observation) throw new Error('every service has an observation');
  return observation;
}

describe('one look at a service', () => {
  it.each<[what: string, of: DesiredService, said: Partial<LiveContainer>, condition: Condition, seen: string]>([
    ['runs without a check', web, {}, 'ok', 'running for 3600 s'],
    ['runs and its check passes', checked, {}, 'ok', 'health check passes'],
    [
      'runs and its check fails',
      checked,
      { health: healthResult('unhealthy', { output: 'no database' }) },
      'bad',
      'health check fails: no database',
    ],
    [
      'runs and its check has begun',
      checked,
      { health: healthResult('starting') },
      'starting',
      'health check has no result yet',
    ],
    [
      'was restarted after a check that passed',
      checked,
      { startedAt: NOW - 500, health: healthResult('healthy', { checkedAt: NOW - 1000 }) },
      'starting',
      'health check has no result yet',
    ],
    [
      'was restarted after a check that failed',
      checked,
      { startedAt: NOW - 500, health: healthResult('unhealthy', { checkedAt: NOW - 1000 }) },
      'starting',
      'health check has no result yet',
    ],
    [
      'exited and stays down',
      web,
      { state: 'exited', exitCode: 3, restartPolicy: 'no' },
      'failed',
      'exited, exit code 3',
    ],
    [
      'ran out of memory',
      web,
      { state: 'exited', exitCode: 137, oomKilled: true },
      'failed',
      'exited, exit code 137, out of memory',
    ],
    [
      'exited and will be started again',
      web,
      { state: 'exited', exitCode: 1, restartPolicy: 'unless-stopped' },
      'bad',
      'exited, exit code 1',
    ],
    ['is being restarted', web, { state: 'restarting', exitCode: 1 }, 'bad', 'restarting, exit code 1'],
    ['is paused for good', web, { state: 'paused' }, 'failed', 'paused, exit code 0'],
    ['is paused', web, { state: 'paused', restartPolicy: 'always' }, 'bad', 'paused, exit code 0'],
    ['is dead', web, { state: 'dead', restartPolicy: 'always' }, 'failed', 'dead, exit code 0'],
    ['is being removed', web, { state: 'removing' }, 'failed', 'removing, exit code 0'],
    ['was never started', web, { state: 'created', restartPolicy: 'always' }, 'failed', 'created, never started'],
    ['is a job that is done', job, { state: 'exited', exitCode: 0 }, 'ok', 'job exited 0'],
    ['is a job at work', job, { state: 'running' }, 'starting', 'job is running'],
    ['is a job that waits', job, { state: 'created' }, 'starting', 'job is created'],
    ['is a job that failed', job, { state: 'exited', exitCode: 2 }, 'failed', 'job is exited with exit code 2'],
    [
      'is a job that is tried again',
      job,
      { state: 'restarting', exitCode: 2 },
      'bad',
      'job is restarting with exit code 2',
    ],
    ['is a job that was killed', job, { state: 'dead', exitCode: 137 }, 'failed', 'job is dead with exit code 137'],
  ])('that %s', (_, of, said, condition, seen) => {
    expect(lookAt(of, said)).toEqual({
      subject: of.name,
      service: `shop/${of.name}`,
      condition,
      seen,
      decisive: true,
    });
  });

  it('counts a container with another image as failed, whatever it does', () => {
    expect(lookAt(web, { imageId: imageId('other') })).toMatchObject({
      condition: 'failed',
      seen: expect.stringMatching(/^runs image [0-9a-f]{12} instead of [0-9a-f]{12}$/),
    });
  });

  it('does not ask for the image before it is known', () => {
    expect(lookAt(service({ imageId: '' }), {}).condition).toBe('ok');
  });

  it.each<[replicas: number, running: number, condition: Condition]>([
    [2, 1, 'failed'],
    [2, 0, 'failed'],
    [2, 2, 'ok'],
    [1, 2, 'ok'],
    [0, 0, 'ok'],
  ])('wants %i containers and finds %i: %s', (replicas, running, condition) => {
    const of = service({ replicas });
    const containers = Array.from({ length: running }, (_, index) => container(of, { id: `${index}` }));
    expect(examine(desired({ services: [of] }), live({ containers }), baseline())[0]?.condition).toBe(condition);
  });

  it('says the worst of its containers', () => {
    const of = service({ replicas: 2 });
    const containers = [container(of), container(of, { id: 'b', state: 'restarting', exitCode: 1 })];
    expect(examine(desired({ services: [of] }), live({ containers }), baseline())[0]?.seen).toBe(
      'restarting, exit code 1',
    );
  });

  it('does not count a container of `docker compose run`', () => {
    const containers = [container(web, { oneOff: true })];
    expect(examine(desired({ services: [web] }), live({ containers }), baseline())[0]?.seen).toBe(
      '0 of 1 containers exist',
    );
  });
});

describe('services of one name in two stacks', () => {
  const [shopDb, blogDb] = [service({ name: 'db' }), service({ stack: 'blog', name: 'db' })];
  const both = desired({ stacks: ['shop', 'blog'], services: [shopDb, blogDb] });
  const runs = live({ containers: [container(shopDb), container(blogDb, { state: 'exited', exitCode: 1 })] });

  it('are told apart, and looked at one by one', () => {
    expect(examine(both, runs, baseline())).toEqual([
      { subject: 'shop/db', service: 'shop/db', condition: 'ok', seen: 'running for 3600 s', decisive: true },
      { subject: 'blog/db', service: 'blog/db', condition: 'failed', seen: 'exited, exit code 1', decisive: true },
    ]);
  });

  it('are sick each by itself', () => {
    expect([...sickServices(both, runs)]).toEqual(['blog/db']);
    const before = baseline({ sick: new Set(['blog/db']), changed: new Set(['shop/db']) });
    expect(examine(both, runs, before).map(({ decisive }) => decisive)).toEqual([true, false]);
  });
});

describe('a crash loop', () => {
  const loop = { state: 'running', restartPolicy: 'always', exitCode: 9 } as const;

  it.each<[restarts: number, before: number, condition: Condition]>([
    [4, 0, 'ok'],
    [5, 0, 'failed'],
    [12, 8, 'ok'],
    [13, 8, 'failed'],
  ])('of %i restarts, %i of them before the first step: %s', (restartCount, before, condition) => {
    const { id } = container(web);
    const restarts = restartCounts(live({ containers: [container(web, { restartCount: before })] }));
    expect(restarts.get(id)).toBe(before);
    expect(lookAt(web, { ...loop, restartCount }, baseline({ restarts })).condition).toBe(condition);
  });

  it('is told with the last exit code', () => {
    expect(lookAt(web, { ...loop, restartCount: 7 }).seen).toBe('crash loop: restarted 7 times, last exit code 9');
  });

  it('of a job is as hopeless', () => {
    expect(lookAt(job, { state: 'restarting', exitCode: 1, restartCount: 5 }).condition).toBe('failed');
  });

  it('of long ago is nothing that a single look without a before could know', () => {
    expect(lookAt(web, { ...loop, restartCount: 500 }, NO_BASELINE).condition).toBe('ok');
  });
});

describe('a service that was sick before the first step', () => {
  const down = { state: 'exited', exitCode: 1 } as const;
  const sick = sickServices(desired({ services: [web] }), live({ containers: [container(web, down)] }));

  it.each<[condition: string, said: Partial<LiveContainer>, of: DesiredService, isSick: boolean]>([
    ['down', down, web, true],
    ['failing its check', { health: healthResult('unhealthy') }, checked, true],
    ['starting', { health: healthResult('starting') }, checked, false],
    ['well', {}, web, false],
  ])('is one that was %s', (_, said, of, isSick) => {
    const sickOnes = sickServices(desired({ services: [of] }), live({ containers: [container(of, said)] }));
    expect([...sickOnes]).toEqual(isSick ? [`shop/${of.name}`] : []);
  });

  it('degrades a verdict if the transaction does not touch it', () => {
    const observation = lookAt(web, down, baseline({ sick }));
    expect(observation.decisive).toBe(false);
    expect(verdictOf([observation], true).verdict).toBe('degraded');
  });

  it('decides the verdict if the transaction touches it', () => {
    const observation = lookAt(web, down, baseline({ sick, changed: new Set(['shop/web']) }));
    expect(observation.decisive).toBe(true);
    expect(verdictOf([observation], true).verdict).toBe('unhealthy');
  });
});

it('an optional service degrades a verdict and never decides it', () => {
  const optional = service({ role: 'optional' });
  const observation = lookAt(optional, { state: 'exited', exitCode: 1 });
  expect(verdictOf([observation], true).verdict).toBe('degraded');
});

describe('the verdict of one look', () => {
  const observation = fc.record<Observation>({
    subject: fc.constantFrom('a', 'b', 'c'),
    condition: fc.constantFrom('ok', 'starting', 'bad', 'failed', 'unknown'),
    seen: fc.string(),
    decisive: fc.boolean(),
  });
  const observations = fc.array(observation);

  it('is healthy only if everything is well and could be read', () => {
    fc.assert(
      fc.property(observations, fc.boolean(), (all, readable) => {
        const isWell = readable && all.every(({ condition }) => condition === 'ok');
        expect(verdictOf(all, readable).verdict === 'healthy').toBe(isWell);
      }),
    );
  });

  it('is unhealthy exactly if something decisive is bad or failed', () => {
    fc.assert(
      fc.property(observations, fc.boolean(), (all, readable) => {
        const isBad = all.some((each) => each.decisive && ['bad', 'failed'].includes(each.condition));
        expect(verdictOf(all, readable).verdict === 'unhealthy').toBe(isBad);
      }),
    );
  });

  it('is unknown if something decisive could not be read, unless something is unhealthy', () => {
    fc.assert(
      fc.property(observations, (all) => {
        const { verdict } = verdictOf(all, false);
        expect(['unknown', 'unhealthy']).toContain(verdict);
      }),
    );
  });

  it('does not depend on the order of what was seen, and keeps all of it as evidence', () => {
    fc.assert(
      fc.property(observations, fc.boolean(), (all, readable) => {
        expect(verdictOf(all.toReversed(), readable).verdict).toBe(verdictOf(all, readable).verdict);
        expect(verdictOf(all, readable).evidence.map(({ seen }) => seen)).toEqual(all.map(({ seen }) => seen));
      }),
    );
  });
});
