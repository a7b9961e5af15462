import { describe, expect, it } from 'vitest';
import type { ApprovalCheck, History } from './ports.ts';
import type { DeployInput } from './run.ts';
import { deployment, deploymentTo, environmentOn, FIRST, firstDeployment, upgrade } from './testing/deployment.ts';
import { release } from './testing/desired-state.ts';

const [RECORDED, TIP] = ['a'.repeat(40), 'b'.repeat(40)];
const [PUSHED, OLDER] = ['c'.repeat(40), 'd'.repeat(40)];
const REQUIRED = { ...environmentOn(['docker']), branch: 'main', approvals: 'required' } as const;

const nothingSaid: History = { since: async () => [TIP], requiredApprovals: async () => false };
const wasRequired: History = { ...nothingSaid, requiredApprovals: async () => true };

/** Approves all but some, and remembers what it was asked about. */
function approvingAllBut(...refused: readonly string[]) {
  const asked: string[] = [];
  const approval: ApprovalCheck = async (commit) => {
    asked.push(commit);
    if (refused.includes(commit)) return { isApproved: false, why: 'it was pushed' };
    return { isApproved: true, pull: commit === TIP ? 12 : 11, by: ['ben'] };
  };
  return { asked, approval };
}

function coming(commits: readonly string[] | undefined): Partial<DeployInput> {
  return { environment: REQUIRED, history: { ...nothingSaid, since: async () => commits } };
}

describe('what comes with an approved commit', () => {
  it('has to be approved as well, and the audit trail says how many commits that are', async () => {
    const { asked, approval } = approvingAllBut();
    const said = { ...coming([TIP, PUSHED, OLDER]), approval };
    const { result, session, reporter } = await deployment(upgrade(), said);
    expect(result.outcome).toBe('deployed');
    expect(asked).toEqual([TIP, OLDER, PUSHED]);
    expect(JSON.parse(session.begun?.facts ?? '')).toMatchObject({ approval: { pull: 12, by: ['ben'], others: 2 } });
    expect(reporter.said.join()).toContain('pull request 12, by ben. So is what comes with it: 2 commits.');
  });

  it('is refused where somebody pushed it, by the name of the first such commit, with what to do', async () => {
    const { approval } = approvingAllBut(PUSHED, OLDER);
    const { result, session } = await deployment(upgrade(), { ...coming([TIP, PUSHED, OLDER]), approval });
    expect(result).toMatchObject({ outcome: 'refused', error: { code: 'policy' } });
    expect(result.error?.message).toMatch(/commit ddddddd, which comes with it, is not approved: it was pushed/);
    expect(result.error?.message).toMatch(/take that commit off the branch[\s\S]*`--break-glass`/);
    expect(session.begun).toBeUndefined();
  });

  it('is not asked about while the commit itself is not approved', async () => {
    const { asked, approval } = approvingAllBut(TIP);
    await deployment(upgrade(), { ...coming([TIP, PUSHED]), approval });
    expect(asked).toEqual([TIP]);
  });

  it('is refused where git can not tell what it is', async () => {
    const { approval } = approvingAllBut();
    const { result } = await deployment(upgrade(), { ...coming(undefined), approval });
    expect(result.outcome).toBe('refused');
    expect(result.error?.message).toMatch(/lies between it and commit aaaaaaa[\s\S]*`fetch-depth: 0`/);
  });

  it('is refused where it is more than a hundred commits, and a hundred are not too many', async () => {
    const { approval } = approvingAllBut();
    const commits = Array.from({ length: 100 }, (_, index) => (index === 0 ? TIP : `${index}`.padStart(40, '0')));
    expect((await deployment(upgrade(), { ...coming(commits), approval })).result.outcome).toBe('deployed');
    const { result } = await deployment(upgrade(), { ...coming([...commits, OLDER]), approval });
    expect(result.outcome).toBe('refused');
    expect(result.error?.message).toContain('more than 100 commits lie between it and commit aaaaaaa');
  });

  it('is nothing where nothing was deployed before', async () => {
    const { asked, approval } = approvingAllBut(PUSHED);
    const { result } = await deployment(firstDeployment(), { ...coming([TIP, PUSHED]), approval });
    expect(result.outcome).toBe('deployed');
    expect(asked).toEqual([TIP]);
  });

  it('is counted from what each of the hosts runs, and asked about once', async () => {
    const { asked, approval } = approvingAllBut();
    const since = async (commit: string) => (commit === RECORDED ? [TIP, PUSHED, OLDER] : [TIP, PUSHED]);
    const environment = { ...environmentOn(['a', 'b']), approvals: 'required' } as const;
    const stories = { a: upgrade(), b: upgrade({ recorded: { commit: OLDER } }) };
    await deploymentTo(stories, { environment, approval, history: { ...nothingSaid, since } });
    expect(asked).toEqual([TIP, OLDER, PUSHED]);
  });

  it('begins after a commit that changed nothing, unless that may be what lifts the rule', async () => {
    const starts: string[] = [];
    const since = async (commit: string) => {
      starts.push(commit);
      return [TIP];
    };
    const story = upgrade({ recorded: { release: release({ desired: FIRST, approvals: 'required' }), commit: OLDER } });
    const said = { ...approvingAllBut(), history: { ...nothingSaid, since } };
    await deployment(story, { ...said, environment: REQUIRED });
    await deployment(story, said);
    expect(starts).toEqual([OLDER, RECORDED]);
  });

  it('needs no approval when the glass is broken', async () => {
    const said = { ...coming(undefined), breakGlass: 'the shop is down' };
    expect((await deployment(upgrade(), said)).result.outcome).toBe('deployed');
  });

  it('is only warned of in a plan', async () => {
    const { approval } = approvingAllBut(PUSHED);
    const said = { ...coming([TIP, PUSHED]), approval, mode: 'plan' } as const;
    const { result, reporter } = await deployment(upgrade(), said);
    expect(result.outcome).toBe('planned');
    expect(reporter.said.join()).toMatch(/would not go on as things are.*commit ccccccc/);
  });
});

describe('a commit that takes the rule out and goes where nothing was deployed', () => {
  const { approval: refusing } = approvingAllBut(TIP);

  it('still needs an approval', async () => {
    const { result, session } = await deployment(firstDeployment(), { history: wasRequired, approval: refusing });
    expect(result).toMatchObject({ outcome: 'refused', error: { code: 'policy' } });
    expect(session.begun).toBeUndefined();
    const approved = await deployment(firstDeployment(), { history: wasRequired, ...approvingAllBut() });
    expect(approved.result.outcome).toBe('deployed');
  });

  it('needs none with a reason, is warned of in a plan, and is nothing where the rule never was', async () => {
    const urgent = await deployment(firstDeployment(), { history: wasRequired, breakGlass: 'the shop is down' });
    expect(urgent.result.outcome).toBe('deployed');
    expect(urgent.reporter.said.join()).toContain('Break-glass');
    const said = { history: wasRequired, approval: refusing, mode: 'plan' } as const;
    const planned = await deployment(firstDeployment(), said);
    expect(planned.reporter.said.join()).toContain('would not go on as things are');
    const free = await deployment(firstDeployment(), { approval: refusing });
    expect(free.result.outcome).toBe('deployed');
  });

  it('is not helped by what an older release there does not ask for', async () => {
    const asked: unknown[] = [];
    const requiredApprovals = async (since: string | undefined) => {
      asked.push(since);
      return true;
    };
    const history = { ...nothingSaid, requiredApprovals };
    expect((await deployment(upgrade(), { history, approval: refusing })).result.outcome).toBe('refused');
    expect(asked).toEqual([RECORDED]);
  });
});
