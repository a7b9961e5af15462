import { describe, expect, it } from 'vitest';
import { GitopsError, NotBegunError, RefusedError } from './errors.ts';
import { deploymentTo, nothingToDo, SICK, upgrade } from './testing/deployment.ts';
import type { HostStory } from './testing/memory-session.ts';

const lost = new GitopsError('ssh-lost', { attempted: 'talk to the host', seen: 'it is gone', remedy: 'run again' });
const held = new RefusedError('lease', { attempted: 'take the lease', seen: 'anna holds it', remedy: 'ask her' });
const notBegun = new NotBegunError({ attempted: 'begin', seen: 'the disk is full', remedy: 'make room' });

const LEASING = / (?:claim|release)$/;

describe('leases on several hosts', () => {
  it('are taken in the order of their names, whatever order the file has, and given back the other way round', async () => {
    const { log } = await deploymentTo({ 'web-10': upgrade(), db: upgrade(), 'web-2': upgrade() });
    expect(log.filter((line) => LEASING.test(line))).toEqual([
      ...['db claim', 'web-10 claim', 'web-2 claim'],
      ...['web-2 release', 'web-10 release', 'db release'],
    ]);
  });

  it('are taken only where something changes', async () => {
    const { log, sessions, result } = await deploymentTo({ a: nothingToDo(), b: upgrade(), c: nothingToDo() });
    expect(log.filter((line) => LEASING.test(line))).toEqual(['b claim', 'b release']);
    expect(result.outcome).toBe('deployed');
    expect(sessions.get('a')?.calls).toEqual(['recall', 'observe', 'dispose']);
  });

  it('that were taken are given back if the next one is refused, and no other is asked for', async () => {
    const stories = { a: upgrade(), b: upgrade({ fails: { claim: held } }), c: upgrade() };
    const { log, result } = await deploymentTo(stories);
    expect(log.filter((line) => LEASING.test(line))).toEqual(['a claim', 'b claim', 'a release']);
    expect(result).toMatchObject({ outcome: 'refused', error: held });
    expect(result.targets.map(({ outcome }) => outcome)).toEqual(['refused', 'refused', 'refused']);
  });

  it.each<[what: string, story: HostStory]>([
    ['prepares in vain', upgrade({ fails: { prepare: lost } })],
    ['can not pull', upgrade({ fails: { pin: lost } })],
    ['does not begin', upgrade({ fails: { begin: notBegun } })],
    ['may have begun', upgrade({ fails: { begin: lost } })],
    ['fails a step', upgrade({ applied: 'reverted' })],
    ['is lost while it applies', upgrade({ fails: { follow: lost } })],
    ['is unhealthy', upgrade({ after: SICK })],
    ['does not confirm', upgrade({ fails: { confirm: lost } })],
    ['does not settle', upgrade({ fails: { settle: lost } })],
    ['can not release', upgrade({ fails: { release: lost } })],
  ])('are all given back, before the connections close, when one host %s', async (_, story) => {
    const { log } = await deploymentTo({ a: upgrade(), b: story, c: upgrade() });
    expect(log.slice(-6)).toEqual([
      ...['c release', 'b release', 'a release'],
      ...['c dispose', 'b dispose', 'a dispose'],
    ]);
  });

  it('that can not be given back are told', async () => {
    const { reporter } = await deploymentTo({ a: upgrade({ fails: { release: lost } }), b: upgrade() });
    expect(reporter.said).toEqual([expect.stringMatching(/^warning: The lease could not be released/)]);
  });
});
