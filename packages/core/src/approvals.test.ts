import { describe, expect, it } from 'vitest';
import { GitopsError } from './errors.ts';
import type { ApprovalCheck } from './ports.ts';
import type { DeployInput } from './run.ts';
import {
  deployment,
  deploymentTo,
  EMPTY_VIEW,
  environmentOn,
  FIRST,
  firstDeployment,
  nothingToDo,
  upgrade,
} from './testing/deployment.ts';
import { release } from './testing/desired-state.ts';
import { live } from './testing/live-state.ts';
import { declared, memoryProvider } from './testing/memory-provider.ts';

const BY_BEN: ApprovalCheck = async () => ({ isApproved: true, pull: 12, by: ['ben', 'cara'] });
const BY_NOBODY: ApprovalCheck = async () => ({ isApproved: false, why: 'pull request 12: nobody approved it' });
const UNREADABLE: ApprovalCheck = async () => {
  throw new GitopsError('github-api', { attempted: 'read the reviews', seen: 'GitHub answered 502', remedy: 'later' });
};
const NEVER: ApprovalCheck = async () => {
  throw new Error('nobody was to be asked');
};

/** An environment that requires approvals, and how it is asked for them. */
function required(said: Partial<DeployInput> = {}): Partial<DeployInput> {
  return { environment: { ...environmentOn(['docker']), branch: 'main', approvals: 'required' }, ...said };
}

function factsOf(text: string | undefined): unknown {
  return JSON.parse(text ?? '{}');
}

describe('an environment that requires approvals', () => {
  it('gets a commit that was approved, and the audit trail says by whom', async () => {
    const asked: unknown[] = [];
    const approval: ApprovalCheck = async (...words) => {
      asked.push(words);
      return { isApproved: true, pull: 12, by: ['ben', 'cara'] };
    };
    const { result, session, reporter } = await deployment(upgrade(), required({ approval }));
    expect(result.outcome).toBe('deployed');
    expect(asked).toEqual([['b'.repeat(40), 'main']]);
    expect(factsOf(session.begun?.facts)).toMatchObject({ approval: { pull: 12, by: ['ben', 'cara'] } });
    expect(reporter.said).toContain('info: Commit bbbbbbb is approved: pull request 12, by ben, cara.');
  });

  it('refuses one that was not, with the plan, and leaves everything as it is', async () => {
    const { result, session, shown } = await deployment(upgrade(), required({ approval: BY_NOBODY }));
    expect(result).toMatchObject({ outcome: 'refused', error: { code: 'policy' }, release: '1-aaaaaaa' });
    expect(result.plan).toEqual(shown[0]);
    expect(result.error?.message).toContain('production requires approvals, and pull request 12: nobody approved it');
    expect(result.error?.message).toContain('`--break-glass`');
    expect(session.begun).toBeUndefined();
    expect(session.aliases).toEqual([]);
  });

  it('refuses without somebody to ask, and says what to set', async () => {
    const { result, session } = await deployment(firstDeployment(), required());
    expect(result).toMatchObject({ outcome: 'refused', error: { code: 'policy' } });
    expect(result.error?.message).toMatch(/no token to ask GitHub with[\s\S]*github-token[\s\S]*GITHUB_TOKEN/);
    expect(session.begun).toBeUndefined();
  });

  it('takes what can not be read for no approval, and says so', async () => {
    const { result, session } = await deployment(upgrade(), required({ approval: UNREADABLE }));
    expect(result).toMatchObject({ outcome: 'failed-before-change', error: { code: 'github-api' } });
    expect(session.begun).toBeUndefined();
  });

  it('refuses files that are in no commit, whoever approved the commit', async () => {
    const view = { ...EMPTY_VIEW, uncommitted: ['environments/production/compose.yaml'] };
    const { result } = await deployment(upgrade(), required({ view, approval: BY_BEN }));
    expect(result.outcome).toBe('refused');
    expect(result.error?.message).toContain('files differ from the commit');
  });

  it('asks nobody where there is nothing to do, be it found out by preparing', async () => {
    expect((await deployment(nothingToDo(), required({ approval: NEVER }))).result.outcome).toBe('unchanged');
    const provider = memoryProvider({ declared: declared({ inputsDigest: 'with a comment' }) });
    const { result, session } = await deployment(nothingToDo(), required({ approval: NEVER, provider }));
    expect(result.outcome).toBe('unchanged');
    expect(session.calls).toContain('prepare');
  });

  it('asks before it heals what was changed by hand, too', async () => {
    const story = nothingToDo({ before: live() });
    expect((await deployment(story, required({ approval: BY_NOBODY }))).result.outcome).toBe('refused');
    expect((await deployment(story, required({ approval: BY_BEN }))).result.outcome).toBe('deployed');
  });

  it('is put right first where an earlier run left something, and refuses then', async () => {
    const transaction = { id: 6, state: 'awaiting', detail: '' } as const;
    const { result, session } = await deployment(
      upgrade({ recorded: { transaction } }),
      required({ approval: BY_NOBODY }),
    );
    expect(session.calls).toContain('recover');
    expect(result.outcome).toBe('refused');
  });

  it('asks once for all of its hosts', async () => {
    let asked = 0;
    const approval: ApprovalCheck = async () => {
      asked++;
      return { isApproved: true, pull: 12, by: ['ben'] };
    };
    const environment = { ...environmentOn(['a', 'b']), approvals: 'required' } as const;
    const { sessions } = await deploymentTo({ a: upgrade(), b: upgrade() }, { environment, approval });
    expect(asked).toBe(1);
    for (const { begun } of sessions.values()) expect(factsOf(begun?.facts)).toMatchObject({ approval: { pull: 12 } });
  });
});

describe('an environment that requires none', () => {
  it('asks nobody, and records nothing of it', async () => {
    const { result, session } = await deployment(upgrade(), { approval: NEVER });
    expect(result.outcome).toBe('deployed');
    expect(factsOf(session.begun?.facts)).not.toHaveProperty('approval');
  });

  it('still does for the commit that lifts the rule: it can not do that by itself', async () => {
    const recorded = { release: release({ desired: FIRST, approvals: 'required' }) };
    const refused = await deployment(upgrade({ recorded }), { approval: BY_NOBODY });
    expect(refused.result.outcome).toBe('refused');
    const { result, session } = await deployment(upgrade({ recorded }), { approval: BY_BEN });
    expect(result.outcome).toBe('deployed');
    expect(session.recorded.release).not.toHaveProperty('approvals');
    const kept = await deployment(upgrade({ recorded }), required({ approval: BY_BEN }));
    expect(kept.session.recorded.release).toMatchObject({ approvals: 'required' });
  });
});

describe('break-glass', () => {
  const breakGlass = 'the database is down, ben is asleep';

  it('deploys without an approval and without GitHub, is told loudly, and goes on record with its reason', async () => {
    const { result, session, reporter } = await deployment(upgrade(), required({ approval: NEVER, breakGlass }));
    expect(result.outcome).toBe('deployed');
    expect(factsOf(session.begun?.facts)).toMatchObject({ by: 'anna@laptop', breakGlass });
    expect(reporter.said).toContain(
      `warning: Break-glass: commit bbbbbbb is deployed to production without an approval by anna@laptop, who says why: ${breakGlass}. This goes on record.`,
    );
  });

  it('needs a reason', async () => {
    const { result } = await deployment(upgrade(), required({ approval: BY_NOBODY, breakGlass: '' }));
    expect(result.outcome).toBe('refused');
  });

  it('says nothing where no approval is required, or nothing to be done', async () => {
    for (const [story, said] of [
      [upgrade(), { breakGlass }],
      [nothingToDo(), required({ breakGlass })],
    ] as const) {
      const { reporter, session } = await deployment(story, said);
      expect(reporter.said.join()).not.toContain('Break-glass');
      expect(factsOf(session.begun?.facts)).not.toHaveProperty('breakGlass');
    }
  });

  it('shows no secret that is part of its reason', async () => {
    const story = upgrade({ prepared: { secrets: ['hunter2'] } });
    const { session } = await deployment(story, required({ breakGlass: 'hunter2 has leaked' }));
    expect(factsOf(session.begun?.facts)).toMatchObject({ breakGlass: '*** has leaked' });
  });
});

describe('a plan', () => {
  it('of what is not merged yet says nothing of an approval, which a deployment still needs', async () => {
    const said = required({ isBeforeMerge: true, approval: NEVER });
    const { result, reporter } = await deployment(upgrade(), { ...said, mode: 'plan' });
    expect(result.outcome).toBe('planned');
    expect(reporter.said.filter((line) => line.startsWith('warning'))).toEqual([]);
    const { result: refused } = await deployment(upgrade(), { ...said, approval: BY_NOBODY });
    expect(refused).toMatchObject({ outcome: 'refused', error: { code: 'policy' } });
  });

  it.each([
    ['that nobody approved', BY_NOBODY, /A deployment of this plan would not go on.*nobody approved it/],
    ['whose approval can not be read', UNREADABLE, /A deployment of this plan would not go on.*GitHub answered 502/],
    ['for which there is nobody to ask', undefined, /A deployment of this plan would not go on.*no token/],
  ])('%s is only warned of', async (_, approval, says) => {
    const { result, reporter } = await deployment(upgrade(), required({ mode: 'plan', ...(approval && { approval }) }));
    expect(result.outcome).toBe('planned');
    expect(reporter.said.filter((line) => line.startsWith('warning'))).toEqual([expect.stringMatching(says)]);
  });

  it.each([
    ['that was approved', upgrade(), BY_BEN],
    ['of nothing', nothingToDo(), NEVER],
  ])('%s needs no warning', async (_, story, approval) => {
    const { result, reporter } = await deployment(story, required({ mode: 'plan', approval }));
    expect(result.outcome).toBe('planned');
    expect(reporter.said.filter((line) => line.startsWith('warning'))).toEqual([]);
  });
});
