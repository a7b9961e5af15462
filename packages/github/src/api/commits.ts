import * as v from 'valibot';
import type { GitHubApi } from './github-api.ts';
import { type Account, MaybeAccount, type Pull } from './merged-pulls.ts';

/** GitHub's own account. It commits, and signs, what is merged on its pages. */
const WEB_FLOW = 'web-flow';

/** An account that git's names lead to; GitHub sends an empty object where a name leads nowhere. */
const GitAuthor = v.union([
  MaybeAccount,
  v.pipe(
    v.object({}),
    v.transform(() => null),
  ),
]);

const Commit = v.object({
  author: GitAuthor,
  committer: GitAuthor,
  commit: v.object({ verification: v.optional(v.object({ verified: v.boolean() })) }),
});

const Comparison = v.object({
  status: v.string(),
  ahead_by: v.number(),
  behind_by: v.number(),
  commits: v.array(v.object({ parents: v.array(v.object({ sha: v.string() })) })),
});

/** Whose commit it is, by what the commit says of itself. */
export async function accountsOf(github: GitHubApi, commit: string): Promise<readonly Account[]> {
  const { author, committer } = await read(github, commit);
  return [author, committer].flatMap((each) => (each && each.login !== WEB_FLOW ? [each] : []));
}

/** How a commit stands to what was approved as the head of a pull request. */
export type Standing =
  /** It holds no more than that, and is what came to the branch. */
  | 'approved'
  /** A step on the way to it. Nobody approved that: it may be what the next one had to mend. */
  | 'within'
  /** Who knows what else is in it. */
  | 'beyond';

/**
 * Whoever pushes to the branch by hand can put commits of their own on top of an approved head, or merge it with something else in;
 * GitHub calls that pull request merged, too.
 */
export async function standingOf(github: GitHubApi, commit: string, pull: Pull): Promise<Standing> {
  const { head, merge_commit_sha: merged } = pull;
  if (commit === head.sha) return 'approved';
  if (commit === merged && (await isByGitHub(github, commit))) return 'approved';
  const { status } = await comparison(github, head.sha, commit);
  if (status === 'behind') return 'within';
  if (status !== 'diverged' || merged === null) return 'beyond';
  return commit === merged || (await isOfRebase(github, commit, head.sha, merged)) ? 'approved' : 'beyond';
}

/** Merged or squashed on GitHub's pages. */
async function isByGitHub(github: GitHubApi, commit: string): Promise<boolean> {
  const { committer, commit: said } = await read(github, commit);
  return committer?.login === WEB_FLOW && said.verification?.verified === true;
}

/**
 * The commits of a rebase are signed by nobody. They stand beside the head, the last of them is what GitHub calls the merge, and there
 * are no more of them than the pull request has. Each has one parent: what a merge brought in was never what the branch held.
 */
async function isOfRebase(github: GitHubApi, commit: string, head: string, merged: string): Promise<boolean> {
  const { status, behind_by: most } = await comparison(github, head, merged);
  if (status !== 'diverged') return false;
  const above = await comparison(github, commit, merged);
  const { ahead_by: count, commits } = above;
  const isLine = commits.length === count && commits.every(({ parents }) => parents.length === 1);
  return above.status === 'ahead' && count < most && isLine;
}

function read(github: GitHubApi, commit: string): Promise<v.InferOutput<typeof Commit>> {
  const attempted = `read the commit ${commit.slice(0, 7)}`;
  const parameters = { ref: commit, per_page: 1 };
  return github.ask({ attempted, method: 'GET', route: '/repos/{owner}/{repo}/commits/{ref}', parameters }, Commit);
}

function comparison(github: GitHubApi, from: string, to: string): Promise<v.InferOutput<typeof Comparison>> {
  const attempted = `compare the commits ${from.slice(0, 7)} and ${to.slice(0, 7)}`;
  // GitHub rebases a hundred commits at the most.
  const parameters = { basehead: `${from}...${to}`, per_page: 100 };
  const route = '/repos/{owner}/{repo}/compare/{basehead}';
  return github.ask({ attempted, method: 'GET', route, parameters }, Comparison);
}
