import { describe, expect, it } from 'vitest';
import type { DeployResult } from '../deploy-result.ts';
import { deployResultFile } from '../report/result-file.ts';
import { deploySummary } from '../report/summary.ts';
import { change } from '../testing/changes.ts';
import { deployment, nothingToDo, SICK, upgrade } from '../testing/deployment.ts';
import { memoryProvider } from '../testing/memory-provider.ts';
import { AUDIT_HEAD } from '../testing/memory-session.ts';

const IMAGE = { reference: 'example/web:2', id: 'sha256:2', digests: ['example/web@sha256:d'] };

function factsOf(text: string | undefined): unknown {
  expect(text).not.toMatch(/[\n\r]/);
  return JSON.parse(text ?? '');
}

describe('what an audit trail says', () => {
  it('of a transaction: who, from what to what, with what plan, changes, images and versions', async () => {
    const { session, shown } = await deployment(upgrade({ prepared: { images: [IMAGE] } }));
    expect(factsOf(session.begun?.facts)).toEqual({
      by: 'anna@laptop',
      environment: 'production',
      target: expect.any(String),
      commit: 'b'.repeat(40),
      planHash: shown[0]?.hash,
      release: '2-bbbbbbb',
      previousRelease: '1-aaaaaaa',
      changes: shown[0]?.changes.map(({ address, action, cause }) => ({ address, action, cause })),
      images: [IMAGE],
      compose: '2.40.3',
      engine: '28.0.0',
    });
  });

  it('of a change: never a value, and nothing that is masked', async () => {
    const fields = [{ field: 'environment.PASSWORD', before: 'old-value', after: 'new-value' }];
    const changes = [change({ name: 'web', action: 'recreate', cause: 'said "pass\nword"', fields })];
    const story = upgrade({ prepared: { secrets: ['"pass\nword"', 'anna@laptop'] } });
    const { session } = await deployment(story, { provider: memoryProvider({}, changes) });
    const facts = session.begun?.facts ?? '';
    expect(facts).not.toMatch(/-value|pass|anna/);
    expect(factsOf(facts)).toMatchObject({ by: '***', changes: [{}, { action: 'recreate', cause: 'said ***' }] });
  });

  it('of the order: the verdict, with what is not healthy in short', async () => {
    const healthy = await deployment(upgrade());
    expect(factsOf(healthy.session.verdicts[0])).toEqual({ verdict: 'healthy', healthy: 1, evidence: [] });
    const sick = await deployment(upgrade({ after: SICK }), {
      prober: async () => [{ subject: 'probe', verdict: 'unhealthy', seen: 'x'.repeat(300), log: 'long' }],
    });
    expect(factsOf(sick.session.verdicts[0])).toEqual({
      verdict: 'unhealthy',
      healthy: 0,
      evidence: [
        { subject: 'web', verdict: 'unhealthy', seen: expect.stringContaining('no database') },
        { subject: 'probe', verdict: 'unhealthy', seen: 'x'.repeat(200) },
      ],
    });
  });

  it('of a commit with the same content: no hash of its files, which may be secret', async () => {
    const { session } = await deployment(nothingToDo({ recorded: { commit: 'c'.repeat(40) } }));
    expect(factsOf(session.aliasFacts[0])).toEqual({ commit: 'b'.repeat(40), by: 'anna@laptop' });
  });
});

/** Where people and machines find the head of each target. */
function headsIn(result: DeployResult): { readonly file: readonly string[]; readonly summary: readonly string[] } {
  const scope = { environment: 'production', commit: 'b'.repeat(40) };
  const summary = deploySummary({ ...scope, host: 'docker.example.com', result, timings: new Map() });
  return {
    file: deployResultFile(scope, result, new Map()).targets.map(({ auditHead }) => auditHead),
    summary: summary.split('\n').filter((line) => /^Audit head|^\| . \| head-/.test(line)),
  };
}

describe('the head of the audit trail', () => {
  it.each([
    ['is the one after the transaction', upgrade({ recorded: { auditHead: 'old' } }), AUDIT_HEAD],
    ['is the one after a step that failed', upgrade({ applied: 'reverted' }), AUDIT_HEAD],
    ['is the one that was there when nothing was done', nothingToDo({ recorded: { auditHead: 'old' } }), 'old'],
  ])('%s', async (_, story, head) => {
    const { result } = await deployment(story);
    expect(headsIn(result)).toEqual({ file: [head], summary: [`Audit head \`${head}\``] });
  });

  it('is not spoken of where there is none', async () => {
    const { result } = await deployment(nothingToDo());
    expect(headsIn(result)).toEqual({ file: [''], summary: [] });
  });

  it('is told for each of several targets', async () => {
    const { result } = await deployment(upgrade());
    const targets = ['a', 'b'].flatMap((name) =>
      result.targets.map((each) => ({ ...each, name, auditHead: `head-${name}` })),
    );
    expect(headsIn({ ...result, targets }).summary).toEqual(['| a | head-a |', '| b | head-b |']);
  });
});
