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

/** Whose commit it is, by what the commit says of itself. */
export async function accountsOf(github: GitHubApi, commit: string): Promise<readonly Account[]> {
  const { author, committer } = await read(github, commit);
  return [author, committer].flatMap((each) => (each && each.login !== WEB_FLOW ? [each] : []));
}

/**
 * Whether a commit holds no more than what was approved as the head of a pull request. Whoever pushes to the branch by hand can put
 * commits of their own on top of an approved head, or merge it with something else in; GitHub calls that pull request merged, too.
 */
export async function isWhatWasApproved(github: GitHubApi, commit: string, pull: Pull): Promise<boolean> {
  const { head, merge_commit_sha: merged } = pull;
  if (commit === head.sha) return true;
  if (commit === merged && (await isByGitHub(github, commit))) return true;
  const standing = await comparison(github, head.sha, commit);
  if (standing === 'behind') return true;
  if (standing !== 'diverged' || merged === null) return false;
  return commit === merged || (await isOfRebase(github, commit, head.sha, merged));
}

/** Merged or squashed on GitHub's pages. */
async function isByGitHub(github: GitHubApi, commit: string): Promise<boolean> {
  const { committer, commit: said } = await read(github, commit);
  return committer?.login === WEB_FLOW && said.verification?.verified === true;
}

/** The commits of a rebase are signed by nobody. They stand beside the head, the last of them is what GitHub calls the merge. */
async function isOfRebase(github: GitHubApi, commit: string, head: string, merged: string): Promise<boolean> {
  const isBeside = (await comparison(github, head, merged)) === 'diverged';
  return isBeside && (await comparison(github, merged, commit)) === 'behind';
}

function read(github: GitHubApi, commit: string): Promise<v.InferOutput<typeof Commit>> {
  const attempted = `read the commit ${commit.slice(0, 7)}`;
  const parameters = { ref: commit, per_page: 1 };
  return github.ask({ attempted, method: 'GET', route: '/repos/{owner}/{repo}/commits/{ref}', parameters }, Commit);
}

async function comparison(github: GitHubApi, from: string, to: string): Promise<string> {
  const request = {
    attempted: `compare the commits ${from.slice(0, 7)} and ${to.slice(0, 7)}`,
    method: 'GET',
    route: '/repos/{owner}/{repo}/compare/{basehead}',
    parameters: { basehead: `${from}...${to}`, per_page: 1 },
  } as const;
  return (await github.ask(request, v.object({ status: v.string() }))).status;
}
