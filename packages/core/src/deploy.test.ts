import { describe, expect, it } from 'vitest';
import { RefusedError } from './errors.ts';
import type { LiveContainer } from './model.ts';
import type { DeployInput } from './run.ts';
import { change } from './testing/changes.ts';
import {
  deployment,
  deploymentTo,
  FIRST,
  firstDeployment,
  nothingToDo,
  SECOND,
  upgrade,
} from './testing/deployment.ts';
import { release, service } from './testing/desired-state.ts';
import { container, live, liveOf } from './testing/live-state.ts';
import { declared, memoryProvider } from './testing/memory-provider.ts';
import type { HostStory } from './testing/memory-session.ts';

const blocked = change({ kind: 'volume', name: 'shop_data', risk: 'blocked', cause: 'its driver changed' });
const foreign = liveOf(FIRST, { containers: [container(service(), { owner: { name: 'other', environment: 'x' } })] });
const held = new RefusedError('lease', { attempted: 'take the lease', seen: 'anna holds it', remedy: 'ask her' });

const PREVIOUS = '1-aaaaaaa';
const human = { holder: 'anna', reason: 'backup', since: '', commit: '', fence: 6, purpose: 'human' } as const;
const newer = release({ name: '2-ccccccc', number: 2, commit: 'c'.repeat(40), ancestors: ['b'.repeat(40)] });

describe('a refusal', () => {
  const { owner: _ours, ...unlabelled } = container(service());

  it.each<[code: string, story: HostStory, said: Partial<DeployInput>, says: RegExp]>([
    ['lease', upgrade({ fails: { claim: held } }), {}, /anna holds it/],
    ['stale-plan', upgrade(), { planHash: 'feedbeef' }, /apply the plan feedbeef: the plan is [0-9a-f]{32} now/],
    ['policy', upgrade(), { provider: memoryProvider({}, [blocked]) }, /volume\/shop_data: its driver changed/],
    [
      'not-adopted',
      firstDeployment({ before: foreign }),
      {},
      /was deployed by the repository other as its environment x, not from here: shop-web-1/,
    ],
  ])('says why: %s', async (code, story, said, says) => {
    const { result } = await deployment(story, said);
    expect(result.error?.code).toBe(code);
    expect(result.error?.message).toMatch(says);
  });

  it('of a stale plan comes before anything is pulled', async () => {
    const { session } = await deployment(upgrade(), { planHash: 'feedbeef' });
    expect(session.calls).not.toContain('pin');
  });

  it.each([
    ['without labels of ours', liveOf(FIRST, { containers: [unlabelled] })],
    [
      'of another environment',
      liveOf(FIRST, { containers: [container(service(), { owner: { name: 'infrastructure', environment: 'x' } })] }),
    ],
  ])('is the answer to a project %s while there is no release', async (_, before) => {
    expect((await deployment(firstDeployment({ before }))).result.outcome).toBe('refused');
    expect((await deployment(upgrade({ before }))).result.outcome).toBe('deployed');
  });

  it.each<[whose: string, said: Partial<LiveContainer>, outcome: string]>([
    ['of somebody else', { owner: { name: 'other', environment: 'x' } }, 'refused'],
    ['of ours that no run has left', {}, 'refused'],
    ['of ours that a broken attempt has left', {}, 'deployed'],
  ])('is the answer to a new stack under the name of a project %s, beside a release', async (_, said, outcome) => {
    const blog = service({ stack: 'blog' });
    const before = { ...liveOf(FIRST), containers: [...liveOf(FIRST).containers, container(blog, said)] };
    const both = { ...SECOND, stacks: ['shop', 'blog'], services: [...SECOND.services, blog] };
    const transaction = { id: 6, state: 'revert-failed', detail: '' } as const;
    const recorded = outcome === 'deployed' ? { transaction } : {};
    const { result } = await deployment(upgrade({ before, desired: both, after: liveOf(both), recorded }));
    expect(result.outcome).toBe(outcome);
    if (outcome === 'refused') expect(result.error?.message).toMatch(/runs already.*: blog-web-1\n/);
  });

  it('is not the answer to a project of ours whose first deployment was broken off', async () => {
    const transaction = { id: 1, state: 'revert-failed', detail: '' } as const;
    const story = firstDeployment({ before: liveOf(FIRST), recorded: { transaction } });
    expect((await deployment(story)).result.outcome).toBe('deployed');
  });

  it('is the answer to a project of ours of which the host has no record, as there is no way back', async () => {
    const { result } = await deployment(firstDeployment({ before: liveOf(FIRST) }));
    expect(result.outcome).toBe('refused');
    expect(result.error?.message).toContain('has no record of it');
  });
});

describe('a plan', () => {
  it('can be applied with its hash as long as nothing changed', async () => {
    const planned = await deployment(upgrade(), { mode: 'plan' });
    const planHash = planned.result.plan?.hash ?? '';
    expect(planned.session.calls).not.toContain('claim');
    expect((await deployment(upgrade(), { planHash })).result).toMatchObject({
      outcome: 'deployed',
      plan: { hash: planHash },
    });
    expect((await deployment(upgrade({ before: live() }), { planHash })).result.outcome).toBe('refused');
    expect((await deployment(upgrade({ desiredDigest: 'other' }), { planHash })).result.outcome).toBe('refused');
  });

  it('is shown before it is carried out', async () => {
    const { shown, result } = await deployment(upgrade());
    expect(shown).toEqual([result.plan]);
  });
});

describe('a commit that changes nothing', () => {
  it('asks neither for a lease nor Compose nor a registry', async () => {
    const { session, result } = await deployment(nothingToDo());
    expect(session.calls).toEqual(['recall', 'observe', 'dispose']);
    expect(result).toMatchObject({ previousRelease: PREVIOUS, release: PREVIOUS });
  });

  it('is recorded as an alias only if it is new', async () => {
    const known = await deployment(nothingToDo());
    expect(known.session.aliases).toEqual([]);
    const other = await deployment(nothingToDo({ recorded: { commit: 'd'.repeat(40) } }));
    expect(other.session.aliases).toEqual([`${PREVIOUS} ${'b'.repeat(40)}`]);
    const planned = await deployment(nothingToDo({ recorded: { commit: 'd'.repeat(40) } }), { mode: 'plan' });
    expect(planned.session.aliases).toEqual([]);
  });

  it('whose files differ but come to the same is found out by preparing', async () => {
    const provider = memoryProvider({ declared: declared({ inputsDigest: 'with a comment' }) });
    const { result, session } = await deployment(nothingToDo(), { provider });
    expect(result.outcome).toBe('unchanged');
    expect(session.calls).toContain('prepare');
    expect(session.aliases).toHaveLength(1);
  });

  it('of images that are always pulled is found out by pulling', async () => {
    const always = { ...FIRST, services: FIRST.services.map((each) => ({ ...each, pullPolicy: 'always' as const })) };
    const current = release({ desired: always, inputsDigest: 'inputs of 2', desiredDigest: 'desired of 2' });
    const { result, session } = await deployment(nothingToDo({ recorded: { release: current } }));
    expect(result.outcome).toBe('unchanged');
    expect(session.calls).toContain('pin');
  });

  it('tells an unhealthy service, and leaves it alone', async () => {
    const sick = liveOf(FIRST, {
      containers: liveOf(FIRST).containers.map((each) => ({ ...each, state: 'restarting' as const })),
    });
    const { result, session } = await deployment(nothingToDo({ before: sick }));
    expect(result).toMatchObject({ outcome: 'unchanged', verdict: { verdict: 'unhealthy' } });
    expect(session.begun).toBeUndefined();
  });

  it('heals what was changed by hand, and keeps the number of the release', async () => {
    const { session } = await deployment(nothingToDo({ before: live() }));
    expect(session.begun).toMatchObject({ release: PREVIOUS, isNew: false });
    expect(session.orders).toEqual(['confirm']);
  });
});

describe('runs that meet', () => {
  it('a run that had to wait looks again before it acts', async () => {
    const story = upgrade({ recorded: { lease: human }, meanwhile: { highestFence: 7 } });
    const { session, result } = await deployment(story);
    expect(session.calls.filter((call) => call === 'recall')).toHaveLength(2);
    expect(result.outcome).toBe('deployed');
  });

  it('a run that was alone does not look twice', async () => {
    const { session } = await deployment(upgrade());
    expect(session.calls.filter((call) => call === 'recall')).toHaveLength(1);
  });

  it('an older commit that did not wait is deployed, as somebody asked for it now', async () => {
    const current = release({ ...newer, desired: FIRST });
    expect((await deployment(upgrade({ recorded: { release: current } }))).result.outcome).toBe('deployed');
  });

  it('an older commit that waited is deployed too, where what is newer was there before', async () => {
    const current = release({ ...newer, desired: FIRST });
    const meanwhile = { release: current, highestFence: 7 };
    const story = upgrade({ recorded: { release: current, lease: human }, meanwhile });
    expect((await deployment(story)).result.outcome).toBe('deployed');
  });

  it('finds that the other run did the work', async () => {
    const mine = release({ desired: FIRST, inputsDigest: 'inputs of 2', commit: 'b'.repeat(40) });
    const meanwhile = { release: mine, inputsDigest: mine.inputsDigest, commit: mine.commit, highestFence: 7 };
    const { result, session } = await deployment(upgrade({ recorded: { lease: human }, meanwhile }));
    expect(result.outcome).toBe('unchanged');
    expect(session.calls).not.toContain('prepare');
  });

  it.each(['staged', 'applying', 'awaiting', 'confirming', 'reverting', 'frozen'] as const)(
    'what an earlier run left %s is recovered first',
    async (state) => {
      const story = nothingToDo({ recorded: { transaction: { id: 6, state, detail: '' } } });
      const { session, result, reporter } = await deployment(story);
      expect(session.calls.indexOf('claim')).toBeLessThan(session.calls.indexOf('recover'));
      expect(result.outcome).toBe('unchanged');
      expect(reporter.said).toContain('notice: Transaction 6 ended reverted.');
    },
  );

  it('what an earlier run left and the host cannot bring to an end stops the run', async () => {
    const recorded = { transaction: { id: 6, state: 'confirming', detail: '' } } as const;
    const { session, result } = await deployment(upgrade({ recorded, recovered: 'confirming' }));
    expect(result).toMatchObject({ outcome: 'failed-before-change', error: { code: 'not-recovered' } });
    expect(session.calls).not.toContain('begin');
  });

  it('what could not be taken back is tried once more, and does not stop the run', async () => {
    const recorded = { transaction: { id: 6, state: 'revert-failed', detail: 'ordered' } } as const;
    const { session, result } = await deployment(upgrade({ recorded, recovered: 'revert-failed' }));
    expect(session.calls.indexOf('recover')).toBeLessThan(session.calls.indexOf('begin'));
    expect(result.outcome).toBe('deployed');
  });

  it('a freeze is left to whoever looks at it by what would be refused anyway', async () => {
    const transaction = { id: 6, state: 'frozen', detail: 'ordered' } as const;
    const hold = { commit: 'b'.repeat(40), release: '6-bbbbbbb', since: '', by: 'anna', why: 'web: exited' };
    const story = upgrade({ recorded: { transaction, holds: [hold] } });
    const { session, result } = await deployment(story, { trigger: 'scheduled' });
    expect(result.outcome).toBe('refused');
    expect(session.calls).not.toContain('recover');
  });

  it.each(['confirmed', 'reverted'] as const)('what has ended %s is left alone', async (state) => {
    const { session } = await deployment(upgrade({ recorded: { transaction: { id: 6, state, detail: '' } } }));
    expect(session.calls).not.toContain('recover');
  });
});

describe('several hosts', () => {
  it('have one plan, whose hash covers all of them and is the same when it is applied', async () => {
    const stories = { a: upgrade(), b: nothingToDo(), c: firstDeployment() };
    const planned = await deploymentTo(stories, { mode: 'plan' });
    const planHash = planned.result.plan?.hash ?? '';
    expect(planned.result).toMatchObject({
      outcome: 'planned',
      plan: { hash: expect.stringMatching(/^[0-9a-f]{32}$/) },
    });
    expect(planned.log.some((line) => /claim|pin|begin|alias/.test(line))).toBe(false);
    expect((await deploymentTo(stories, { planHash })).result).toMatchObject({
      outcome: 'deployed',
      plan: { hash: planHash },
    });
    expect((await deploymentTo(stories)).result.plan?.hash).toBe(planHash);
  });

  it.each(['a', 'b', 'c'])('refuse a plan when only %s has changed since, and tell the new one', async (changed) => {
    const stories = { a: upgrade(), b: nothingToDo(), c: upgrade() };
    const { plan } = (await deploymentTo(stories, { mode: 'plan' })).result;
    const { result, sessions } = await deploymentTo(
      { ...stories, [changed]: upgrade({ before: live() }) },
      { planHash: plan?.hash ?? '' },
    );
    expect(result).toMatchObject({ outcome: 'refused', error: { code: 'stale-plan' } });
    expect(result.error?.seen).toContain(result.plan?.hash);
    expect(result.plan?.hash).not.toBe(plan?.hash);
    for (const { calls } of sessions.values()) expect(calls).not.toContain('pin');
  });

  it('are all refused with the plan when one may not be changed so', async () => {
    const { result, sessions } = await deploymentTo({ a: upgrade(), b: firstDeployment({ before: foreign }) });
    expect(result).toMatchObject({ outcome: 'refused', error: { code: 'not-adopted' } });
    expect(result.plan?.changes.map(({ subject }) => subject)).toEqual(['a: web', 'b: web']);
    for (const { begun } of sessions.values()) expect(begun).toBeUndefined();
  });

  it('are all left alone when a newer commit came first on one of them', async () => {
    const story = upgrade({ recorded: { lease: human }, meanwhile: { release: newer, highestFence: 7 } });
    const { result, sessions } = await deploymentTo({ a: upgrade(), b: story });
    expect(result.outcome).toBe('superseded');
    expect(result.targets.map(({ outcome, release: name }) => `${outcome} ${name}`)).toEqual([
      'superseded 1-aaaaaaa',
      'superseded 2-ccccccc',
    ]);
    for (const { begun, calls } of sessions.values()) {
      expect(begun).toBeUndefined();
      expect(calls).not.toContain('prepare');
    }
  });

  it('that do not change record the commit only after those that do are well', async () => {
    const old = { recorded: { commit: 'd'.repeat(40) } };
    const well = await deploymentTo({ a: nothingToDo(old), b: upgrade() });
    expect(well.sessions.get('a')?.aliases).toEqual([`${PREVIOUS} ${'b'.repeat(40)}`]);
    expect(well.sessions.get('b')?.aliases).toEqual([]);
    expect(well.log.indexOf('a alias')).toBeGreaterThan(well.log.indexOf('b settle'));
    const sick = await deploymentTo({ a: nothingToDo(old), b: upgrade({ after: live() }) });
    expect(sick.result.outcome).toBe('rolled-back');
    expect(sick.log).not.toContain('a alias');
  });

  it('recover what an earlier run left on some of them, and say where', async () => {
    const left = { recorded: { transaction: { id: 6, state: 'awaiting', detail: '' } } } as const;
    const { result, log, reporter } = await deploymentTo({ a: upgrade(), b: nothingToDo(left) });
    expect(result.targets.map(({ outcome }) => outcome)).toEqual(['deployed', 'unchanged']);
    expect(log.indexOf('b recover')).toBeLessThan(log.indexOf('a prepare'));
    expect(reporter.said).toContain('notice: Transaction 6 on gitops@b.example.com:22 ended reverted.');
  });

  it('are looked at once when there is nothing to do anywhere', async () => {
    const { result, log } = await deploymentTo({ a: nothingToDo(), b: nothingToDo() });
    expect(result).toMatchObject({ outcome: 'unchanged', verdict: { verdict: 'healthy' } });
    expect(result.verdict?.evidence.map(({ subject }) => subject)).toEqual(['a: web', 'b: web']);
    expect(log.filter((line) => /claim|prepare/.test(line))).toEqual([]);
  });
});

describe('secrets', () => {
  it('of the files and of the rendered project are masked before anything is said of them', async () => {
    const story = upgrade({ prepared: { secrets: ['rendered secret'], warnings: [] } });
    const { reporter } = await deployment(story, { provider: memoryProvider({ secrets: ['file secret'] }) });
    expect(reporter.masked).toEqual(['file secret', 'rendered secret']);
  });
});
