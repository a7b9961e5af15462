import { describe, expect, it } from 'vitest';
import { withHold, without } from './holds.ts';
import type { Hold } from './model.ts';
import { deployment, SICK, upgrade } from './testing/deployment.ts';

const COMMIT = 'b'.repeat(40);

function hold(commit: string, why = 'web: unhealthy'): Hold {
  return { commit, release: '2-bbbbbbb', since: '2026-01-01T00:00:00.000Z', by: 'ada', why };
}

describe('a hold', () => {
  it('is one for each commit, with the newest reason', () => {
    expect(withHold([hold('a'), hold('b')], hold('a', 'again'))).toEqual([hold('b'), hold('a', 'again')]);
  });

  it('of long ago is forgotten', () => {
    const many = Array.from({ length: 60 }, (_, index) => hold(String(index)));
    const kept = many.reduce<readonly Hold[]>(withHold, []);
    expect(kept).toHaveLength(50);
    expect(kept.at(-1)).toEqual(hold('59'));
  });

  it('is lifted by its commit', () => {
    expect(without([hold('a'), hold('b')], 'a')).toEqual([hold('b')]);
  });
});

describe('a deployment', () => {
  it('that turns out unhealthy holds its commit, and says why in the audit trail', async () => {
    const { session } = await deployment(upgrade({ after: SICK }));
    expect(session.holds).toMatchObject([{ holds: [{ commit: COMMIT, by: 'anna@laptop', why: /unhealthy/ }] }]);
    expect(JSON.parse(session.holds[0]?.facts ?? '')).toMatchObject({ event: 'held', commit: COMMIT });
  });

  it('that is frozen holds its commit too', async () => {
    const { session } = await deployment(upgrade({ after: SICK }), { onFailure: 'freeze' });
    expect(session.orders).toEqual(['freeze']);
    expect(session.holds).toMatchObject([{ holds: [{ commit: COMMIT }] }]);
  });

  it('whose step fails holds nothing', async () => {
    const { session } = await deployment(upgrade({ applied: 'reverted' }));
    expect(session.holds).toEqual([]);
  });

  it('that is healthy lifts the hold of its commit, and no other', async () => {
    const { session } = await deployment(upgrade({ recorded: { holds: [hold(COMMIT), hold('other')] } }));
    expect(session.holds).toMatchObject([{ holds: [hold('other')] }]);
  });

  it('of a held commit goes on with a warning when somebody asks for it', async () => {
    const { result, reporter } = await deployment(upgrade({ recorded: { holds: [hold(COMMIT)] } }));
    expect(result.outcome).toBe('deployed');
    expect(reporter.said.join('\n')).toContain('the commit is held since 2026-01-01T00:00:00.000Z: web: unhealthy');
  });

  it('of a held commit is refused to a schedule, before anything is prepared', async () => {
    const story = upgrade({ recorded: { holds: [hold(COMMIT)] } });
    const { result, session } = await deployment(story, { trigger: 'scheduled' });
    expect(result).toMatchObject({ outcome: 'refused', error: { code: 'policy' } });
    expect(session.calls).not.toContain('prepare');
  });

  it('of another commit is none of its business', async () => {
    const { result } = await deployment(upgrade({ recorded: { holds: [hold('other')] } }), { trigger: 'scheduled' });
    expect(result.outcome).toBe('deployed');
  });
});
