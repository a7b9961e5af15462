import { describe, expect, it } from 'vitest';
import { GitopsError, NotBegunError } from './errors.ts';
import type { Outcome, VerdictName } from './model.ts';
import type { DeployInput } from './run.ts';
import { deployment, deploymentTo, nothingToDo, SICK, upgrade, WRONG_IMAGE } from './testing/deployment.ts';
import { ManualClock } from './testing/manual-clock.ts';
import { type Call, type HostStory, MemorySession } from './testing/memory-session.ts';

const lost = new GitopsError('ssh-lost', { attempted: 'talk to the host', seen: 'it is gone', remedy: 'run again' });
const notBegun = new NotBegunError({ attempted: 'begin', seen: 'the disk is full', remedy: 'make room' });

type Ends = readonly [a: Outcome, b: Outcome, c: Outcome];
const ALL_BACK: Ends = ['rolled-back', 'rolled-back', 'rolled-back'];

/** What host `b` of three does, and how the run and each of the three end. */
type Case = [what: string, outcome: Outcome, ends: Ends, story: HostStory, said?: Partial<DeployInput>];

describe.each<Case>([
  ['does well', 'deployed', ['deployed', 'deployed', 'deployed'], upgrade()],
  ['has nothing to do', 'deployed', ['deployed', 'unchanged', 'deployed'], nothingToDo()],
  ['fails a step', 'rolled-back', ALL_BACK, upgrade({ applied: 'reverted' })],
  [
    'fails a step and the way back',
    'rollback-failed',
    ['rolled-back', 'rollback-failed', 'rolled-back'],
    upgrade({ applied: 'revert-failed' }),
  ],
  [
    'does not begin',
    'rolled-back',
    ['rolled-back', 'failed-before-change', 'rolled-back'],
    upgrade({ fails: { begin: notBegun } }),
  ],
  ['may have begun', 'unknown', ['rolled-back', 'unknown', 'rolled-back'], upgrade({ fails: { begin: lost } })],
  [
    'is lost while it applies',
    'unknown',
    ['rolled-back', 'unknown', 'rolled-back'],
    upgrade({ fails: { follow: lost } }),
  ],
  [
    'is lost altogether',
    'unknown',
    ['rolled-back', 'unknown', 'rolled-back'],
    upgrade({ fails: { follow: lost, order: lost } }),
  ],
  ['is unhealthy', 'rolled-back', ALL_BACK, upgrade({ after: SICK })],
  ['runs another image', 'rolled-back', ALL_BACK, upgrade({ after: WRONG_IMAGE })],
  [
    'is unhealthy and does not go back',
    'rollback-failed',
    ['rolled-back', 'rollback-failed', 'rolled-back'],
    upgrade({ after: SICK, reverted: 'revert-failed' }),
  ],
  [
    'is unhealthy and is to be kept so',
    'frozen',
    ['frozen', 'frozen', 'frozen'],
    upgrade({ after: SICK }),
    { onFailure: 'freeze' },
  ],
  [
    'fails a step although a freeze was asked for',
    'rolled-back',
    ALL_BACK,
    upgrade({ applied: 'reverted' }),
    { onFailure: 'freeze' },
  ],
  ['can not be read any more', 'rolled-back', ALL_BACK, blind()],
  [
    'went back before it was told to confirm',
    'rollback-failed',
    ['deployed', 'rolled-back', 'deployed'],
    upgrade({ confirmed: 'reverted' }),
  ],
  ['is lost while it confirms', 'unknown', ['deployed', 'unknown', 'deployed'], upgrade({ fails: { confirm: lost } })],
])('when one of three hosts %s', (_, outcome, ends, story, said) => {
  const run = () => deploymentTo({ a: upgrade(), b: story, c: upgrade() }, said);

  it(`the run ends ${outcome}, and each host in a state that is told`, async () => {
    const { result, sessions } = await run();
    expect(result.outcome).toBe(outcome);
    expect(result.targets.map((target) => target.outcome)).toEqual(ends);
    const known = result.targets.filter((target) => target.outcome !== 'unknown');
    expect(known.map(({ name, release }) => [name, release])).toEqual(
      known.map(({ name }) => [name, sessions.get(name)?.recorded.release?.name]),
    );
  });

  it('none is told to confirm unless all are', async () => {
    const { sessions } = await run();
    const moved = [...sessions.values()].filter(({ begun, calls }) => begun || calls.includes('begin'));
    const confirming = moved.filter(({ orders }) => orders[0] === 'confirm');
    expect([0, moved.length]).toContain(confirming.length);
  });

  it('the error is that of the host that failed', async () => {
    const { error } = (await run()).result;
    const [, end] = ends;
    if (error)
      expect(error.message).toMatch(
        /on gitops@b\.example\.com|b\.example\.com:22: reverted|it is gone|the disk is full/,
      );
    else expect(['deployed', 'unchanged', 'frozen', 'rolled-back', 'rollback-failed']).toContain(end);
  });
});

/** A host whose containers can not be looked at any more once the transaction has begun. */
function blind(): HostStory {
  return upgrade({
    onCall: (call) => {
      if (call === 'look') throw new Error('cannot be read');
    },
  });
}

describe('hosts that confirmed while one went back', () => {
  it('are told by name, with what to do', async () => {
    const { result } = await deploymentTo({ a: upgrade(), b: upgrade({ confirmed: 'reverted' }), c: upgrade() });
    expect(result.error).toMatchObject({
      code: 'split',
      seen: 'gitops@a.example.com:22: confirmed, gitops@b.example.com:22: reverted, gitops@c.example.com:22: confirmed',
      remedy: expect.stringContaining('deploy again'),
    });
    expect(result).toMatchObject({ release: '2-bbbbbbb', verdict: { verdict: 'healthy' } });
  });
});

it('a host that went back before it was told to confirm is told, also if it is alone', async () => {
  const { result } = await deploymentTo({ a: upgrade({ confirmed: 'reverted' }) });
  expect(result).toMatchObject({ outcome: 'rolled-back', release: '1-aaaaaaa', verdict: { verdict: 'healthy' } });
  expect(result.error).toMatchObject({ code: 'not-confirmed', seen: expect.stringMatching(/: reverted$/) });
});

/** A host that fails a step and says this. */
class FailingSession extends MemorySession {
  readonly #said: readonly string[];

  constructor(said: readonly string[]) {
    super(upgrade({ applied: 'reverted' }));
    this.#said = said;
  }

  override follow(...[lease, onLine]: Parameters<MemorySession['follow']>): ReturnType<MemorySession['follow']> {
    for (const line of this.#said) onLine(line);
    return super.follow(lease, () => {});
  }
}

it('a step that fails is told in the words of Compose, and not of a container', async () => {
  const reason = `service "setup" didn't complete successfully: exit 3`;
  const containerLog = ['── log of shop-setup-1 (Exited (3))', 'error: one', 'error: two', 'error: three'];
  const session = new FailingSession(['── up', reason, ...containerLog, '── going back', '── up']);
  const { result } = await deployment(upgrade(), { connect: async () => session });
  expect(result).toMatchObject({ outcome: 'rolled-back', error: { code: 'step-failed', seen: reason } });
  expect(result.log).toContain('error: three');
});

describe('a host that fails while others are still at work', () => {
  it('stops them at their next step, and the error is its own', async () => {
    const { result, sessions, log } = await deploymentTo({
      a: upgrade({ applied: 'applying' }),
      b: upgrade({ applied: 'reverted' }),
      c: upgrade({ applied: 'applying' }),
    });
    expect(result).toMatchObject({ outcome: 'rolled-back', error: { attempted: expect.stringContaining('@b.') } });
    expect([...sessions.values()].map(({ orders }) => orders)).toEqual([['revert'], [], ['revert']]);
    expect(log).not.toContain('a explain');
    expect(result.log).toBe('── up\nError response from daemon: no such file');
  });

  it('may be one that somebody else told to go back', async () => {
    const elsewhere = new MemorySession(
      upgrade({ applied: 'applying', onCall: (call) => call === 'follow' && orderLater() }),
    );
    const orderLater = () => void setImmediate(() => elsewhere.order({ transaction: 7, fence: 8 }, 'revert'));
    const { result } = await deployment(upgrade(), { connect: async () => elsewhere });
    expect(result).toMatchObject({
      outcome: 'rolled-back',
      error: { code: 'stopped', seen: 'it was told to go back' },
    });
  });

  it('does not hide that another one could not go back', async () => {
    const { result } = await deploymentTo({
      a: upgrade({ applied: 'applying', reverted: 'revert-failed' }),
      b: upgrade({ applied: 'reverted' }),
    });
    expect(result.outcome).toBe('rollback-failed');
    expect(result.targets.map(({ outcome }) => outcome)).toEqual(['rollback-failed', 'rolled-back']);
    expect(result.error).toMatchObject({ attempted: 'bring the former state back on gitops@a.example.com:22' });
  });
});

describe('the verdict over several hosts', () => {
  it('names the target of everything that was seen, with the logs of what is not well', async () => {
    const { result } = await deploymentTo({ a: upgrade(), b: upgrade({ after: SICK }) });
    expect(result.verdict?.evidence).toEqual([
      { subject: 'a: web', verdict: 'healthy', seen: 'health check passes' },
      { subject: 'b: web', verdict: 'unhealthy', seen: 'health check fails: no database', log: 'log of web' },
    ]);
    expect(result.plan?.changes.map(({ target, subject }) => [target, subject])).toEqual([
      ['a', 'a: web'],
      ['b', 'b: web'],
    ]);
  });

  it.each<[verdict: VerdictName, outcome: Outcome]>([
    ['healthy', 'deployed'],
    ['unhealthy', 'rolled-back'],
    ['unknown', 'rolled-back'],
  ])('of a probe that is %s is one for all: %s', async (verdict, outcome) => {
    const prober = async () => [{ subject: 'shop', verdict, seen: 'probed' }];
    const { result } = await deploymentTo({ a: upgrade(), b: upgrade() }, { prober });
    expect(result.targets.map((target) => target.outcome)).toEqual([outcome, outcome]);
  });

  it('stands without the logs of a host that does not give them', async () => {
    const stories = { a: upgrade({ after: SICK, fails: { explain: lost } }), b: upgrade({ after: SICK }) };
    const { result, reporter } = await deploymentTo(stories);
    expect(result.verdict?.evidence.map(({ log }) => log)).toEqual([undefined, 'log of web']);
    expect(reporter.said).toContainEqual(expect.stringMatching(/^warning: The logs could not be read/));
  });
});

describe('a run on several hosts that is cancelled', () => {
  const reason = new GitopsError('cancelled', { attempted: 'finish', seen: 'cancelled', remedy: 'run again' });

  it.each<[call: Call, outcome: Outcome, ends: readonly Outcome[]]>([
    ['recall', 'failed-before-change', []],
    ['claim', 'failed-before-change', ['failed-before-change', 'failed-before-change', 'failed-before-change']],
    ['prepare', 'failed-before-change', ['failed-before-change', 'failed-before-change', 'failed-before-change']],
    ['pin', 'failed-before-change', ['failed-before-change', 'failed-before-change', 'failed-before-change']],
    ['begin', 'unknown', ['unknown', 'unknown', 'unknown']],
    ['follow', 'unknown', ['unknown', 'unknown', 'rolled-back']],
    ['settle', 'unknown', ['deployed', 'unknown', 'deployed']],
  ])('at "%s" of one ends %s', async (call, outcome, ends) => {
    const controller = new AbortController();
    const onCall = (each: Call) => {
      if (each !== call) return;
      controller.abort(reason);
      throw new Error('channel closed');
    };
    const stories = { a: upgrade(), b: upgrade({ onCall }), c: upgrade() };
    const { result, sessions, log } = await deploymentTo(stories, { signal: controller.signal });
    expect(result).toMatchObject({ outcome, error: { code: 'cancelled' } });
    expect(result.targets.map((target) => target.outcome)).toEqual(ends);
    const ordered = [...sessions.values()].map(({ orders }) => orders.includes('revert'));
    expect(ordered).toEqual(
      ends.length > 0 ? ends.map((end) => end === 'unknown' || end === 'rolled-back') : [false, false, false],
    );
    expect(log.filter((line) => line.endsWith('release'))).toHaveLength(
      log.filter((line) => line.endsWith('claim')).length - (call === 'claim' ? 1 : 0),
    );
  });

  it('while it watches orders all to go back and ends unknown', async () => {
    const controller = new AbortController();
    const clock = new ManualClock((now) => now >= 3000 && controller.abort(reason));
    const stories = { a: upgrade(), b: upgrade({ after: SICK }) };
    const { result, sessions } = await deploymentTo(stories, { signal: controller.signal, clock });
    expect(result).toMatchObject({ outcome: 'unknown', error: { code: 'cancelled' } });
    expect([...sessions.values()].map(({ orders }) => orders)).toEqual([['revert'], ['revert']]);
  });
});
