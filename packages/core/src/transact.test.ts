import { describe, expect, it } from 'vitest';
import { GitopsError } from './errors.ts';
import type { Live, Outcome, VerdictName } from './model.ts';
import type { DeployInput } from './run.ts';
import { type Deployment, deployment, FIRST, nothingToDo, SECOND, SICK, upgrade } from './testing/deployment.ts';
import { service } from './testing/desired-state.ts';
import { container, live, liveOf } from './testing/live-state.ts';
import { ManualClock } from './testing/manual-clock.ts';
import type { Call, HostStory } from './testing/memory-session.ts';

const lost = new GitopsError('ssh-lost', { attempted: 'talk to the host', seen: 'it is gone', remedy: 'run again' });

const NEW = '2-bbbbbbb';

describe('a verdict', () => {
  const stopped = new Error('cannot be read');

  it.each<[what: string, story: HostStory, said: Partial<DeployInput>, orders: string[]]>([
    ['that is healthy confirms', upgrade(), {}, ['confirm']],
    ['that is unhealthy reverts', upgrade({ after: SICK }), {}, ['revert']],
    ['that is unhealthy freezes if asked to', upgrade({ after: SICK }), { onFailure: 'freeze' }, ['freeze']],
    ['of a probe reverts', upgrade(), probing('unhealthy'), ['revert']],
    ['that is unknown reverts', upgrade(), probing('unknown'), ['revert']],
    [
      'that is unknown reverts although a freeze was asked for',
      upgrade(),
      { ...probing('unknown'), onFailure: 'freeze' },
      ['revert'],
    ],
  ])('%s', async (_, story, said, orders) => {
    expect((await deployment(story, said)).session.orders).toEqual(orders);
  });

  it('that is degraded by a neighbour that was sick before confirms', async () => {
    const old = service({ name: 'old' });
    const down = container(old, { state: 'exited', exitCode: 1 });
    const both = (state: Live): Live => ({ ...state, containers: [...state.containers, down] });
    const story = upgrade({
      before: both(liveOf(FIRST)),
      desired: { ...SECOND, services: [...SECOND.services, old] },
      after: both(liveOf(SECOND)),
    });
    const { result, session } = await deployment(story);
    expect(session.orders).toEqual(['confirm']);
    expect(result).toMatchObject({ outcome: 'deployed', verdict: { verdict: 'degraded' } });
    expect(session.recorded.release?.verdict).toBe('degraded');
  });

  it('of a host that can not be read any more is unknown, and the host goes back', async () => {
    const onCall = (call: Call) => {
      if (call === 'look') throw stopped;
    };
    const { result, session } = await deployment(upgrade({ onCall }));
    expect(result).toMatchObject({ outcome: 'rolled-back', verdict: { verdict: 'unknown' } });
    expect(result.verdict?.evidence).toEqual([
      { subject: 'host', verdict: 'unknown', seen: 'cannot be read', log: 'log of host' },
    ]);
    expect(session.orders).toEqual(['revert']);
  });

  it('comes with the logs of what is not well, read before the host goes back', async () => {
    const { result, session } = await deployment(upgrade({ after: SICK }));
    expect(result.verdict?.evidence).toEqual([
      { subject: 'web', verdict: 'unhealthy', seen: 'health check fails: no database', log: 'log of web' },
    ]);
    expect(session.calls.indexOf('explain')).toBeLessThan(session.calls.indexOf('order'));
  });

  it('stands without its logs if they can not be read', async () => {
    const { reporter } = await deployment(upgrade({ after: SICK, fails: { explain: lost } }));
    expect(reporter.said).toContainEqual(expect.stringMatching(/^warning: The logs could not be read/));
  });
});

function probing(verdict: VerdictName): Partial<DeployInput> {
  return { prober: async () => [{ subject: 'shop', verdict, seen: 'probed' }] };
}

describe('a heal', () => {
  const heal = (said: Partial<HostStory> = {}) =>
    nothingToDo({ before: live(), recorded: { commit: 'd'.repeat(40) }, ...said });

  it('records the commit as an alias of the release that it brought back', async () => {
    expect((await deployment(heal())).session.aliases).toEqual([`1-aaaaaaa ${'b'.repeat(40)}`]);
    expect((await deployment(heal({ after: live() }))).session.aliases).toEqual([]);
  });

  it('stands although the commit could not be recorded', async () => {
    const { result, session, reporter } = await deployment(heal({ fails: { alias: lost } }));
    expect(result.outcome).toBe('deployed');
    expect(session.orders).toEqual(['confirm']);
    expect(reporter.said).toContainEqual(expect.stringMatching(/^warning: The commit could not be recorded/));
  });
});

describe('a run that is cancelled', () => {
  const reason = new GitopsError('cancelled', { attempted: 'finish', seen: 'cancelled', remedy: 'run again' });

  function cancelledAt(call: Call, story: (said: Partial<HostStory>) => HostStory = upgrade): Promise<Deployment> {
    const controller = new AbortController();
    const onCall = (each: Call) => {
      if (each !== call) return;
      controller.abort(reason);
      throw new Error('channel closed');
    };
    return deployment(story({ onCall }), { signal: controller.signal });
  }

  it.each<[call: Call, outcome: Outcome]>([
    ['claim', 'failed-before-change'],
    ['prepare', 'failed-before-change'],
    ['pin', 'failed-before-change'],
    ['begin', 'unknown'],
    ['follow', 'unknown'],
    ['settle', 'unknown'],
  ])('at "%s" ends %s, and says that it was cancelled', async (call, outcome) => {
    const { result, session } = await cancelledAt(call);
    expect(result).toMatchObject({ outcome, error: { code: 'cancelled' } });
    if (outcome === 'unknown') expect(session.orders).toContain('revert');
    else expect(session.orders).toEqual([]);
  });

  it('while it watches orders the revert and ends unknown', async () => {
    const controller = new AbortController();
    const clock = new ManualClock((now) => now >= 3000 && controller.abort(reason));
    const { result, session } = await deployment(upgrade({ after: SICK }), { signal: controller.signal, clock });
    expect(result).toMatchObject({ outcome: 'unknown', error: { code: 'cancelled' } });
    expect(session.orders).toEqual(['revert']);
  });
});

describe('a release', () => {
  it('holds everything that a later run needs to know', async () => {
    const { session } = await deployment(upgrade());
    expect(session.begun).toMatchObject({ release: NEW, isNew: true, confirmTimeoutSeconds: 60 });
    expect(session.recorded.release).toMatchObject({
      name: NEW,
      number: 2,
      commit: 'b'.repeat(40),
      ancestors: ['a'.repeat(40)],
      actor: 'anna@laptop',
      verdict: 'healthy',
      desired: SECOND,
      desiredDigest: 'desired of 2',
      inputsDigest: 'inputs of 2',
    });
  });
});

describe('a step that failed', () => {
  it('is told with the last telling words of the host', async () => {
    const { result } = await deployment(upgrade({ applied: 'reverted' }));
    expect(result.error).toMatchObject({
      code: 'step-failed',
      attempted: 'apply the step "up" on gitops@docker.example.com:22',
      seen: 'Error response from daemon: no such file',
    });
    expect(result.log).toBe('── up\nError response from daemon: no such file');
  });
});
