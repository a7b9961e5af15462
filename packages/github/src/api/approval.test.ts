import { describe, expect, test } from 'vitest';
import { clientOf } from '../../../../test/github/client.ts';
import { type FakeGitHub, startFakeGitHub } from '../../../../test/github/fake-github.ts';
import { refusal, unavailable } from '../../../../test/github/faults.ts';
import { type Merge, merge, openPull, pushTo, review } from '../../../../test/github/pull-stories.ts';
import type { Pull } from '../../../../test/github/state.ts';
import { approvalOf } from './approval.ts';

/** A repository with a commit on `main`, and people who may write or only read. */
async function repository(): Promise<FakeGitHub> {
  const github = await startFakeGitHub();
  github.state.refs.set('heads/main', github.state.commit());
  for (const login of ['anna', 'ben', 'cara', 'merger']) github.state.member(login, 'write');
  github.state.member('reader', 'read');
  return github;
}

/** What is said of a pull request of anna after `story`, merged. */
async function judged(story: (github: FakeGitHub, pull: Pull) => void, how: Merge = 'squash') {
  await using github = await repository();
  const pull = openPull(github.state, 'anna');
  story(github, pull);
  const sha = merge(github.state, pull, how);
  const approval = await approvalOf(clientOf(github), sha, 'main');
  return approval.isApproved
    ? `by ${approval.by.join(', ')}`
    : approval.why.replace(`pull request ${pull.number}: `, '');
}

describe('a pull request is approved', () => {
  test.each<Merge>(['merge', 'squash', 'rebase', 'fast-forward'])(
    'when it is merged by %s and somebody else approved it',
    async (how) => {
      expect(await judged(({ state }, pull) => review(state, pull, 'ben', 'APPROVED'), how)).toBe('by ben');
    },
  );

  test('by everybody who may write and said so last', async () => {
    const story = ({ state }: FakeGitHub, pull: Pull) => {
      review(state, pull, 'ben', 'CHANGES_REQUESTED');
      review(state, pull, 'cara', 'APPROVED');
      review(state, pull, 'ben', 'APPROVED');
      review(state, pull, 'ben', 'COMMENTED');
      review(state, pull, 'reader', 'APPROVED');
    };
    expect(await judged(story)).toBe('by ben, cara');
  });

  test('although somebody objects who may not write, or whose objection was dismissed', async () => {
    const story = ({ state }: FakeGitHub, pull: Pull) => {
      review(state, pull, 'ben', 'APPROVED');
      review(state, pull, 'reader', 'CHANGES_REQUESTED');
      review(state, pull, 'stranger', 'CHANGES_REQUESTED');
      review(state, pull, 'cara', 'CHANGES_REQUESTED').state = 'DISMISSED';
    };
    expect(await judged(story)).toBe('by ben');
  });

  test('in the newest of very many reviews', async () => {
    const story = ({ state }: FakeGitHub, pull: Pull) => {
      for (let i = 0; i < 230; i++) review(state, pull, 'ben', 'CHANGES_REQUESTED');
      review(state, pull, 'ben', 'APPROVED');
    };
    expect(await judged(story)).toBe('by ben');
  });
});

describe('a pull request is not approved', () => {
  type Story = (github: FakeGitHub, pull: Pull) => void;
  test.each<[why: string, says: string | RegExp, story: Story]>([
    ['when nobody looked at it', 'nobody approved it', () => {}],
    [
      'when it was only talked about',
      'nobody approved it',
      ({ state }, pull) => review(state, pull, 'ben', 'COMMENTED'),
    ],
    ['by its author', /^anna approved what is their own/, ({ state }, pull) => review(state, pull, 'anna', 'APPROVED')],
    [
      'by whoever made its last commit',
      /^ben approved what is their own/,
      ({ state }, pull) => {
        pushTo(state, pull, 'ben');
        review(state, pull, 'ben', 'APPROVED');
      },
    ],
    [
      'by somebody who may not write',
      'reader may not write',
      ({ state }, pull) => review(state, pull, 'reader', 'APPROVED'),
    ],
    ['by a stranger', 'stranger may not write', ({ state }, pull) => review(state, pull, 'stranger', 'APPROVED')],
    [
      'by a workflow',
      'nobody approved it',
      ({ state }, pull) => {
        state.permissions.set('github-actions[bot]', 'write');
        review(state, pull, 'github-actions[bot]', 'APPROVED');
      },
    ],
    ['by an account that is gone', 'nobody approved it', ({ state }, pull) => review(state, pull, null, 'APPROVED')],
    [
      'for an older commit',
      /^ben approved an older commit than \w{7}$/,
      ({ state }, pull) => {
        review(state, pull, 'ben', 'APPROVED');
        pushTo(state, pull, 'anna');
      },
    ],
    [
      'for a commit that is gone',
      /^ben approved an older/,
      ({ state }, pull) => review(state, pull, 'ben', 'APPROVED', null),
    ],
    [
      'when its approval was dismissed',
      'nobody approved it',
      ({ state }, pull) => {
        review(state, pull, 'ben', 'APPROVED').state = 'DISMISSED';
      },
    ],
    [
      'when somebody still asks for changes, in an older commit too',
      'cara asked for changes',
      ({ state }, pull) => {
        review(state, pull, 'cara', 'CHANGES_REQUESTED');
        pushTo(state, pull, 'anna');
        review(state, pull, 'ben', 'APPROVED');
      },
    ],
    [
      'when whoever approved it changed their mind',
      'ben asked for changes',
      ({ state }, pull) => {
        review(state, pull, 'ben', 'APPROVED');
        review(state, pull, 'ben', 'CHANGES_REQUESTED');
      },
    ],
  ])('%s', async (_, says, story) => {
    expect(await judged(story)).toMatch(says);
  });

  test.each<Merge>(['by-hand', 'with-more'])('when it was merged %s, with who knows what in it', async (how) => {
    const story: Story = ({ state }, pull) => review(state, pull, 'ben', 'APPROVED');
    expect(await judged(story, how)).toMatch(/was pushed on top of its head \w{7}, so it may hold more/);
  });
});

describe('a pull request that a bot opened', () => {
  const opened = async (author: string | null, committer: string | null) => {
    await using github = await repository();
    const { state } = github;
    const account = (login: string | null) => (login === null ? null : state.account(login));
    const parents = [state.refs.get('heads/main') ?? ''];
    const head = state.commit({ author: account(author), committer: account(committer), parents });
    const pull = openPull(state, 'github-actions[bot]', { head });
    review(state, pull, 'anna', 'APPROVED');
    return await approvalOf(clientOf(github), merge(state, pull, 'squash'), 'main');
  };

  test.each<[why: string, author: string | null, committer: string | null]>([
    ['of an account that git does not lead to', null, null],
    ['that somebody made on the pages of GitHub under another name', null, 'web-flow'],
  ])('is not approved with a commit %s: it may be of whoever approves it', async (_, author, committer) => {
    const why = expect.stringContaining('nobody knows who wrote it');
    expect(await opened(author, committer)).toEqual({ isApproved: false, why });
  });

  test('is approved with a commit of a bot, or of somebody else', async () => {
    expect(await opened('renovate[bot]', 'web-flow')).toMatchObject({ isApproved: true, by: ['anna'] });
    expect(await opened('ben', 'ben')).toMatchObject({ isApproved: true, by: ['anna'] });
    expect(await opened('anna', 'anna')).toMatchObject({ isApproved: false });
  });
});

describe('a commit', () => {
  const approved = (github: FakeGitHub, said: Partial<Pull> = {}) => {
    const pull = openPull(github.state, 'anna', said);
    review(github.state, pull, 'ben', 'APPROVED');
    return pull;
  };

  test.each<Merge>(['merge', 'squash', 'rebase', 'fast-forward'])(
    'within an approved pull request that was merged by %s is not approved: the next one may have had to mend it',
    async (how) => {
      await using github = await repository();
      const pull = openPull(github.state, 'anna');
      const first = pull.head;
      pushTo(github.state, pull, 'anna');
      review(github.state, pull, 'ben', 'APPROVED');
      merge(github.state, pull, how);
      const why = `pull request ${pull.number}: ${first.slice(0, 7)} is a step on the way to its head ${pull.head.slice(0, 7)}, and only that was approved`;
      expect(await approvalOf(clientOf(github), first, 'main')).toEqual({ isApproved: false, why });
    },
  );

  /** A pull request of two commits or more, approved and merged by rebase onto what `onto` makes of the branch. */
  const rebased = (github: FakeGitHub, onto: (tip: string) => string = (tip) => tip, more = 1) => {
    const pull = openPull(github.state, 'anna');
    for (let i = 0; i < more; i++) pushTo(github.state, pull, 'anna');
    review(github.state, pull, 'ben', 'APPROVED');
    const first = github.state.commit({ parents: [onto(github.state.refs.get('heads/main') ?? '')] });
    github.state.refs.set('heads/main', first);
    merge(github.state, pull, 'rebase');
    pull.commits = [...pull.commits, first];
    return { pull, first };
  };

  test('that a rebase has put on the branch is approved, as the branch was at it', async () => {
    await using github = await repository();
    const { pull, first } = rebased(github);
    expect(await approvalOf(clientOf(github), first, 'main')).toEqual({
      isApproved: true,
      pull: pull.number,
      by: ['ben'],
    });
  });

  test('that was on the branch before the rebase is not approved by it', async () => {
    await using github = await repository();
    const before = github.state.commit({ parents: [github.state.refs.get('heads/main') ?? ''] });
    const { pull } = rebased(github, () => before);
    pull.commits = [before, ...pull.commits];
    expect(await approvalOf(clientOf(github), before, 'main')).toMatchObject({ isApproved: false });
  });

  test('that a merge brought in is not what the branch was at, and not approved', async () => {
    await using github = await repository();
    const aside = github.state.commit({ parents: [github.state.refs.get('heads/main') ?? ''] });
    const { pull } = rebased(github, (tip) => github.state.commit({ parents: [tip, aside] }), 9);
    pull.commits = [aside, ...pull.commits];
    expect(await approvalOf(clientOf(github), aside, 'main')).toMatchObject({ isApproved: false });
  });

  test('that was pushed over before it was approved is not', async () => {
    await using github = await repository();
    const gone = github.state.commit({ parents: [github.state.refs.get('heads/main') ?? ''] });
    const pull = approved(github);
    merge(github.state, pull, 'squash');
    pull.commits = [gone, ...pull.commits];
    expect(await approvalOf(clientOf(github), gone, 'main')).toMatchObject({ isApproved: false });
  });

  test.each([
    ['was pushed without one', (github: FakeGitHub) => github.state.commit()],
    ['was never pushed', () => 'f'.repeat(40)],
    ['is in one that is still open', (github: FakeGitHub) => approved(github).head],
    [
      'was merged into another branch',
      (github: FakeGitHub) => merge(github.state, approved(github, { base: 'staging' }), 'squash'),
    ],
  ])('that %s has no approved pull request', async (_, story) => {
    await using github = await repository();
    expect(await approvalOf(clientOf(github), story(github), 'main')).toEqual({
      isApproved: false,
      why: 'no pull request that was merged into main has it: it was pushed there, or not at all',
    });
  });

  test('is for the default branch where none is named', async () => {
    await using github = await repository();
    const sha = merge(github.state, approved(github), 'squash');
    expect(await approvalOf(clientOf(github), sha)).toMatchObject({ isApproved: true });
    expect(await approvalOf(clientOf(github), sha, 'staging')).toMatchObject({ isApproved: false });
  });

  test.each<Merge>(['merge', 'squash', 'rebase'])(
    'is found right after a %s, when GitHub has no index of it yet',
    async (how) => {
      await using github = await repository();
      const sha = merge(github.state, approved(github), how);
      github.state.isIndexLate = true;
      expect(await approvalOf(clientOf(github), sha, 'main')).toMatchObject({ isApproved: true });
    },
  );

  test('that two pull requests brought needs one that was approved', async () => {
    await using github = await repository();
    const other = openPull(github.state, 'cara');
    const pull = approved(github);
    const sha = merge(github.state, pull, 'fast-forward');
    other.commits = [...other.commits, sha];
    merge(github.state, other, 'squash');
    expect(await approvalOf(clientOf(github), sha, 'main')).toMatchObject({ isApproved: true, pull: pull.number });
  });
});

describe('what can not be read', () => {
  test.each([
    [
      'is no permission',
      { pull_requests: 'read' } as const,
      'add `pull-requests: read, contents: read` to `permissions:`',
    ],
    ['are reviews', { contents: 'read' } as const, '`permissions:`'],
  ])('because there %s is not approved', async (_, permissions, says) => {
    await using github = await repository();
    const sha = merge(github.state, openPull(github.state, 'anna'), 'squash');
    const client = clientOf(github, { token: github.token(permissions) });
    await expect(approvalOf(client, sha, 'main')).rejects.toThrow(says);
  });

  test('is not approved, whichever question stays without an answer', async () => {
    await using github = await repository();
    const pull = openPull(github.state, 'anna');
    review(github.state, pull, 'ben', 'APPROVED');
    const sha = merge(github.state, pull, 'rebase');
    expect(await approvalOf(clientOf(github), sha)).toMatchObject({ isApproved: true });
    const paths = github.log.map(({ path }) => path);
    expect(paths).toHaveLength(7);
    for (const path of paths) {
      github.queueFault({ ...unavailable(), path, times: 4 });
      await expect(approvalOf(clientOf(github), sha)).rejects.toMatchObject({ code: 'github-api' });
    }
  });

  test('with the permissions that the documentation names can be read', async () => {
    await using github = await repository();
    const pull = openPull(github.state, 'anna');
    review(github.state, pull, 'ben', 'APPROVED');
    const sha = merge(github.state, pull, 'merge');
    const token = github.token({ metadata: 'read', contents: 'read', pull_requests: 'read' });
    expect(await approvalOf(clientOf(github, { token }), sha)).toMatchObject({ isApproved: true });
  });

  test('is another error than 422 for a commit', async () => {
    await using github = await repository();
    github.queueFault({ status: 404, body: refusal(404, 'Not Found') });
    await expect(approvalOf(clientOf(github), 'f'.repeat(40), 'main')).rejects.toMatchObject({ status: 404 });
  });
});
