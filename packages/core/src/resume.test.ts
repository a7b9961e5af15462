import { describe, expect, it } from 'vitest';
import { cancelled, SupersededError } from './errors.ts';
import type { SeenThrough } from './ports.ts';
import { deployment, deploymentTo, FIRST, SECOND, SICK, upgrade } from './testing/deployment.ts';
import { release } from './testing/desired-state.ts';
import { liveOf } from './testing/live-state.ts';

const COMMIT = 'b'.repeat(40);
const begun: SeenThrough = {
  release: release({ name: '2-bbbbbbb', number: 2, commit: COMMIT, inputsDigest: 'inputs of 2', desired: SECOND }),
  plan: { changes: [], hash: 'planned', warnings: [] },
  sick: [],
  restarts: {},
};
const transaction = { id: 6, state: 'awaiting', detail: '' } as const;

/** A host on which a lost run has begun what this commit wants. */
function halfway(said: Parameters<typeof upgrade>[0] = {}) {
  return upgrade({ before: liveOf(SECOND), ...said, recorded: { transaction, candidate: begun, ...said.recorded } });
}

describe('what an earlier run of the same commit has begun', () => {
  it('is followed, judged and confirmed, and nothing is prepared again', async () => {
    const { result, session, shown } = await deployment(halfway());
    expect(result).toMatchObject({ outcome: 'deployed', release: '2-bbbbbbb', verdict: { verdict: 'healthy' } });
    expect(session.orders).toEqual(['confirm']);
    expect(session.calls).not.toContain('prepare');
    expect(session.calls).not.toContain('recover');
    expect(shown).toEqual([begun.plan]);
  });

  it('goes back if it is not healthy', async () => {
    const { result, session } = await deployment(halfway({ before: SICK }));
    expect(result).toMatchObject({ outcome: 'rolled-back', release: '1-aaaaaaa' });
    expect(session.orders).toEqual(['revert']);
  });

  it('is taken back by a schedule if its commit is held, and not seen through', async () => {
    const hold = { commit: COMMIT, release: '2-bbbbbbb', since: '', by: 'anna', why: 'web: exited' };
    const { result, session } = await deployment(halfway({ recorded: { holds: [hold] } }), { trigger: 'scheduled' });
    expect(result.outcome).toBe('refused');
    expect(session.calls).toContain('recover');
    expect(session.orders).toEqual([]);
  });

  it('that goes back by itself is followed by a deployment of our own', async () => {
    const { result, session } = await deployment(halfway({ applied: 'reverted', recovered: 'reverted' }));
    expect(session.calls).toContain('prepare');
    expect(result.release).toBe('1-aaaaaaa');
  });

  it('that goes out of sight while it is followed ends unknown, with an order to go back', async () => {
    const { result, session } = await deployment(halfway({ fails: { follow: new Error('the connection is gone') } }));
    expect(result).toMatchObject({ outcome: 'unknown', error: { seen: 'the connection is gone' } });
    expect(session.orders).toEqual(['revert']);
    expect(session.calls).not.toContain('prepare');
  });

  it('that is cancelled while it is watched ends unknown, with an order to go back', async () => {
    const ending = new AbortController();
    const story = halfway({
      onCall: (call) => call === 'look' && ending.abort(cancelled()),
      fails: { look: new Error('ended') },
    });
    const { result, session } = await deployment(story, { signal: ending.signal });
    expect(result).toMatchObject({ outcome: 'unknown', error: { code: 'cancelled' } });
    expect(session.orders).toEqual(['revert']);
  });

  it.each([
    ['of other files', { ...begun, release: { ...begun.release, inputsDigest: 'other' } }],
    ['of another commit', { ...begun, release: { ...begun.release, commit: 'c'.repeat(40) } }],
  ])('but %s is taken back first', async (_, candidate) => {
    const { session } = await deployment(halfway({ recorded: { transaction, candidate } }));
    expect(session.calls).toContain('recover');
    expect(session.calls).toContain('prepare');
  });

  it('is taken back where only some hosts have begun it', async () => {
    const { sessions } = await deploymentTo({ a: halfway(), b: upgrade() });
    expect(sessions.get('a')?.calls).toContain('recover');
    expect(sessions.get('b')?.calls).not.toContain('recover');
  });

  it('is taken back if a plan was reviewed', async () => {
    const { session } = await deployment(halfway(), { planHash: 'reviewed' });
    expect(session.calls).toContain('recover');
  });
});

describe('a run that waits for the lease', () => {
  it('with a newer commit behind it is superseded', async () => {
    const claim = new SupersededError({ holder: 'ada', commit: 'c'.repeat(40) }, 'docker.example.com');
    const { result } = await deployment(upgrade({ before: liveOf(FIRST), fails: { claim } }));
    expect(result).toMatchObject({ outcome: 'superseded', error: { code: 'superseded' } });
  });
});
