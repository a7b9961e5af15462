import { describe, expect, it } from 'vitest';
import { deploySummary } from './report/summary.ts';
import { deployment, nothingToDo, SICK, upgrade } from './testing/deployment.ts';

const pruned = [
  { kind: 'release', name: '1-aaaaaaa' },
  { kind: 'image', name: 'example/web:1' },
  { kind: 'object', name: 'f00' },
  { kind: 'object', name: 'ba7' },
];

describe('after a deployment', () => {
  it('that was confirmed the host is tidied up under the lease, and the summary says what went', async () => {
    const { result, session, timings } = await deployment(upgrade({ pruned }));
    expect(result).toMatchObject({ outcome: 'deployed', pruned });
    expect(session.calls.indexOf('prune')).toBeGreaterThan(session.calls.indexOf('confirm'));
    expect(session.calls.indexOf('prune')).toBeLessThan(session.calls.indexOf('release'));
    const summary = deploySummary({ environment: 'lab', host: 'docker.example.com', commit: 'abc', result, timings });
    expect(summary).toContain('<details><summary>Cleaned up on the host</summary>');
    expect(summary).toContain('| image | 1 | example/web:1 |\n| object | 2 |  |\n| release | 1 | 1-aaaaaaa |');
  });

  it('that was confirmed a failure to tidy up is a warning', async () => {
    const { result, reporter } = await deployment(upgrade({ fails: { prune: new Error('the connection is gone') } }));
    expect(result.outcome).toBe('deployed');
    expect(result.error).toBeUndefined();
    expect(reporter.said).toContainEqual(expect.stringMatching(/^warning: Old releases stay on .*connection is gone/));
  });

  it('what could not be removed is told, and not said to be gone', async () => {
    const fault = { kind: 'image', name: 'example/web:1', fault: 'conflict' };
    const { result, reporter } = await deployment(upgrade({ pruned: [fault] }));
    expect(result.pruned).toEqual([]);
    expect(reporter.said).toContainEqual(
      expect.stringMatching(/^warning: image example\/web:1 stays on .*: conflict$/),
    );
  });

  it.each([
    ['was taken back', upgrade({ after: SICK })],
    ['changed nothing', nothingToDo()],
  ])('that %s nothing is removed', async (_, story) => {
    const { session } = await deployment(story);
    expect(session.calls).not.toContain('prune');
  });
});
