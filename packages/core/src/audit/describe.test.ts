import { describe, expect, it } from 'vitest';
import { HOSTILE_TEXTS } from '../testing/hostile-text.ts';
import { describeRecord } from './describe.ts';
import { parseRecord } from './record.ts';

function told(facts: Record<string, unknown>): string | undefined {
  const record = parseRecord(JSON.stringify({ n: 7, prev: 'f'.repeat(64), at: '2026-01-01T00:00:00Z', ...facts }));
  return record && describeRecord(record);
}

const by = { holder: 'ada', reason: 'deploy production', commit: 'abcdef0123', since: 'x' };

describe('a record', () => {
  it.each([
    [{ kind: 'lease', event: 'taken', fence: 3, by }, 'lease 3 taken by ada (deploy production, commit abcdef0)'],
    [
      { kind: 'lease', event: 'taken-over', fence: 3, from: 2, by: { holder: 'ada', reason: 'x' } },
      'lease 3 taken over from the expired lease 2 by ada (x)',
    ],
    [{ kind: 'lease', event: 'released', fence: 3 }, 'lease 3 released'],
    [
      { kind: 'recovered', transaction: 2, fence: 3, state: 'reverted' },
      'transaction 2 was recovered under lease 3 and is reverted',
    ],
    [
      { kind: 'alias', release: '1-a', commit: 'abcdef0123', by: 'ada' },
      'commit abcdef0 has the content of release 1-a, by ada',
    ],
    [{ kind: 'torn', bytes: 9 }, 'a torn last line of 9 bytes was dropped'],
    [
      { kind: 'ended', transaction: 2, state: 'confirmed', why: 'ordered', current: '2-b', verdict: 'healthy' },
      'transaction 2 confirmed (ordered), healthy; current is 2-b',
    ],
    [{ kind: 'adopted', stack: 'shop' }, 'adopted {"stack":"shop"}'],
    [{ kind: 'lease', event: 1, by: 2 }, 'lease 0  by '],
  ])('is told in a line: %j', (facts, line) => {
    expect(told(facts)).toBe(`7  2026-01-01T00:00:00Z  ${line}`);
  });

  it('of a transaction has a line for each change, and for each service that is not healthy', () => {
    const changes = [{ address: 'compose:shop/web', action: 'create', cause: 'new service' }];
    const begun = {
      kind: 'begun',
      transaction: 2,
      by: 'ada',
      commit: 'abcdef0123',
      planHash: 'feed',
      release: '1-a',
      previousRelease: '',
    };
    expect(told({ ...begun, dirty: true })).toContain('commit abcdef0 with changes that are in no commit, plan');
    expect(told({ ...begun, changes })).toBe(
      '7  2026-01-01T00:00:00Z  transaction 2 begun: nothing → 1-a, commit abcdef0, plan feed, by ada\n      create compose:shop/web: new service',
    );
    const evidence = [{ subject: 'web', verdict: 'unhealthy', seen: 'no database' }];
    const ended = { kind: 'ended', transaction: 2, state: 'reverted', why: '', current: '', verdict: 'unhealthy' };
    expect(told({ ...ended, evidence })).toBe(
      '7  2026-01-01T00:00:00Z  transaction 2 reverted, unhealthy; current is nothing\n      web: unhealthy, no database',
    );
  });

  it.each([...HOSTILE_TEXTS, 'a\u001b[2Jb', 'a\nb\r\u2028c'])('stays in its line, whatever is in it: %j', (text) => {
    const hostile = { kind: 'lease', event: text, fence: 3, by: { holder: text, reason: text, commit: text } };
    expect(told(hostile)?.split('\n')).toHaveLength(1);
    expect(told(hostile)).not.toMatch(/[\p{Cc}\u2028\u2029]/u);
    expect(told({ kind: text, note: text })?.split('\n')).toHaveLength(1);
  });

  it.each(['', 'x', '[]', 'null', '{"kind":', '1'])('is none: %j', (line) => {
    expect(parseRecord(line)).toBeUndefined();
  });
});

describe('a record of a transaction that somebody had to agree to', () => {
  const begun = { kind: 'begun', transaction: 2, by: 'ada', commit: 'abcdef0123', planHash: 'feed', release: '1-a' };

  it.each([
    [{ approval: { pull: 12, by: ['ben', 'cara'] } }, ', by ada, approved in pull request 12 by ben, cara'],
    [
      { approval: { pull: 12, by: ['ben'], others: 2 } },
      ', approved in pull request 12 by ben with 2 approved commits before it',
    ],
    [{ approval: { pull: 12, by: ['ben'], others: 1 } }, ' with 1 approved commit before it'],
    [{ breakGlass: 'ben is\nasleep' }, ', by ada, without an approval (break-glass: ben is asleep)'],
    [{}, ', by ada'],
    [{ approval: 'hostile' }, ', by ada'],
  ])('says by what it was allowed: %j', (clearance, end) => {
    expect(told({ ...begun, ...clearance })?.endsWith(end)).toBe(true);
  });
});
