import { describe, expect, it } from 'vitest';
import { GitopsError, RefusedError } from './errors.ts';
import { deployment, upgrade } from './testing/deployment.ts';

const full = new GitopsError('disk-full', {
  attempted: 'pull images',
  seen: 'only 3 MiB are free',
  remedy: 'make room',
});

describe('a deployment that comes to nothing before its first change', () => {
  it('removes what no way back needs all the same', async () => {
    const refusal = new RefusedError('policy', { attempted: 'x', seen: 'y', remedy: 'z' });
    const { result, session } = await deployment(upgrade({ fails: { pin: refusal } }));
    expect(result.outcome).toBe('refused');
    expect(session.calls.filter((call) => call === 'prune')).toHaveLength(1);
  });

  it('for want of room is tried once more if something could be removed', async () => {
    const pruned = [{ kind: 'release', name: '0-old' }];
    const { result, session, reporter } = await deployment(upgrade({ fails: { pin: full }, pruned }));
    expect(result).toMatchObject({ outcome: 'failed-before-change', error: { code: 'disk-full' } });
    expect(session.calls.filter((call) => call === 'pin')).toHaveLength(2);
    expect(reporter.said.join('\n')).toContain('1 thing that no way back needs was removed; trying again');
  });

  it('for want of room is not tried again if nothing was removed', async () => {
    const { session } = await deployment(upgrade({ fails: { pin: full } }));
    expect(session.calls.filter((call) => call === 'pin')).toHaveLength(1);
  });
});
