import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { GitopsError, NotBegunError } from './errors.ts';
import {
  type Deployments,
  deploymentTo,
  environmentOn,
  firstDeployment,
  nothingToDo,
  SICK,
  upgrade,
} from './testing/deployment.ts';
import { healthSpec } from './testing/desired-state.ts';
import { live } from './testing/live-state.ts';
import type { HostStory } from './testing/memory-session.ts';

const lost = new GitopsError('ssh-lost', { attempted: 'talk to the host', seen: 'it is gone', remedy: 'run again' });
const notBegun = new NotBegunError({ attempted: 'begin', seen: 'the disk is full', remedy: 'make room' });

/** Everything that a host may do once it is asked to change something. */
const ENDS: Readonly<Record<string, Partial<HostStory>>> = {
  well: {},
  sick: { after: SICK },
  'sick, wedged': { after: SICK, reverted: 'revert-failed' },
  'sick, endless': { after: SICK, reverted: 'reverting' },
  'step fails': { applied: 'reverted' },
  'step and way back fail': { applied: 'revert-failed' },
  'still at work': { applied: 'applying' },
  'not begun': { fails: { begin: notBegun } },
  'perhaps begun': { fails: { begin: lost } },
  'not followed': { fails: { follow: lost } },
  'not confirmed': { fails: { confirm: lost } },
  'not settled': { fails: { settle: lost } },
  'not ordered': { fails: { order: lost } },
  'gone back too early': { confirmed: 'reverted' },
  'gone altogether': { fails: { follow: lost, order: lost, settle: lost, confirm: lost, release: lost } },
};

/** A host that has a key already, as without one every hash is slow by intent. */
function first(said: Partial<HostStory> = {}): HostStory {
  return firstDeployment({ recorded: { hmacKey: 'key' }, ...said });
}

const moving = fc
  .tuple(fc.constantFrom(...Object.keys(ENDS)), fc.constantFrom(upgrade, first))
  .map(([end, start]) => start(ENDS[end]));
const resting = fc.constant(nothingToDo());
const healing = fc.constantFrom(...Object.keys(ENDS)).map((end) => nothingToDo({ before: live(), ...ENDS[end] }));
const stories = fc.dictionary(
  fc.constantFrom('a', 'b', 'c', 'd', 'e'),
  fc.oneof({ weight: 3, arbitrary: moving }, { weight: 1, arbitrary: resting }, { weight: 1, arbitrary: healing }),
  { minKeys: 1, noNullPrototype: true },
);

/** A host that waits for an order would wait for ever unless another one fails while it applies, or before. */
function endsByItself(hosts: Readonly<Record<string, HostStory>>): boolean {
  const all = Object.values(hosts);
  const fails = ({ applied = 'awaiting', fails = {} }: HostStory) =>
    /revert/.test(applied) || 'follow' in fails || 'begin' in fails;
  return all.some(fails) || all.every(({ applied }) => applied !== 'applying');
}

async function ended(hosts: Readonly<Record<string, HostStory>>, onFailure: 'rollback' | 'freeze') {
  const environment = { ...environmentOn(Object.keys(hosts)), health: healthSpec({ deadlineMs: 3000 }) };
  const deployed = await deploymentTo(hosts, { onFailure, environment });
  const moved = [...deployed.sessions.values()].filter(({ calls }) => calls.includes('begin'));
  return { ...deployed, moved, outcomes: deployed.result.targets.map(({ outcome }) => outcome) };
}

/** Holds for a run on any hosts, whatever becomes of each of them. */
function always(law: (run: Deployments & Awaited<ReturnType<typeof ended>>) => void): Promise<void> {
  const anyRun = fc.tuple(stories.filter(endsByItself), fc.constantFrom('rollback' as const, 'freeze' as const));
  return fc.assert(
    fc.asyncProperty(anyRun, async ([hosts, onFailure]) => law(await ended(hosts, onFailure))),
    { numRuns: 60 },
  );
}

describe('a run on any number of hosts, whatever becomes of each of them', () => {
  it('is deployed exactly if every host is deployed or had nothing to do', () =>
    always(({ result, outcomes, moved }) => {
      const isDone = moved.length > 0 && outcomes.every((each) => each === 'deployed' || each === 'unchanged');
      expect(result.outcome === 'deployed').toBe(isDone);
    }));

  it('ends before any change exactly if nothing was begun', () =>
    always(({ result, moved }) => {
      const mayHaveBegun = moved.some(({ begun, orders }) => begun !== undefined || orders.length > 0);
      expect(['failed-before-change', 'unchanged'].includes(result.outcome)).toBe(!mayHaveBegun);
    }));

  it('is rolled back only if every host is as it was', () =>
    always(({ result, sessions }) => {
      if (result.outcome !== 'rolled-back') return;
      for (const { name, release, previousRelease } of result.targets) {
        expect([release, sessions.get(name)?.recorded.release?.name ?? '']).toEqual([previousRelease, previousRelease]);
      }
    }));

  it('says of every host that it knows which release it has', () =>
    always(({ result, sessions }) => {
      const known = result.targets.filter(({ outcome }) => outcome !== 'unknown');
      for (const { name, release } of known) expect(release).toBe(sessions.get(name)?.recorded.release?.name ?? '');
    }));

  it('is unknown only if a host is, and never calls a host well that it lost', () =>
    always(({ result, outcomes }) => {
      if (result.outcome === 'unknown') expect(outcomes).toContain('unknown');
      if (outcomes.includes('unknown')) expect(['unknown', 'rollback-failed']).toContain(result.outcome);
    }));

  it('tells all hosts to confirm, or none', () =>
    always(({ moved }) => {
      const confirming = moved.filter(({ orders }) => orders.includes('confirm'));
      expect([0, moved.length]).toContain(confirming.length);
    }));

  it('says why, unless it went well or the verdict says it', () =>
    always(({ result }) => {
      const isTold = result.error !== undefined || result.verdict?.verdict === 'unhealthy';
      expect(isTold || ['deployed', 'unchanged'].includes(result.outcome)).toBe(true);
    }));

  it('gives back every lease, closes every connection, and names every host in order', () =>
    always(({ result, sessions, log }) => {
      const count = (what: string) => log.filter((line) => line.endsWith(` ${what}`)).length;
      expect(count('release')).toBe(count('claim'));
      expect(count('dispose')).toBe(sessions.size);
      expect(result.targets.map(({ name }) => name)).toEqual([...sessions.keys()].sort());
    }));
});
