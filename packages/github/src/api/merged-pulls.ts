import * as v from 'valibot';
import type { GitHubApi } from './github-api.ts';
import { GitHubApiError } from './github-api-error.ts';

const Account = v.object({ id: v.number(), login: v.string(), type: v.string() });
/** An account; `null` where it was deleted. */
export const MaybeAccount = v.nullable(Account);
export type Account = v.InferOutput<typeof Account>;

const Pull = v.object({
  number: v.number(),
  user: MaybeAccount,
  merged_at: v.nullable(v.string()),
  merge_commit_sha: v.nullable(v.string()),
  base: v.object({ ref: v.string() }),
  head: v.object({ sha: v.string() }),
});
/** A pull request, as far as an approval goes by it. */
export type Pull = v.InferOutput<typeof Pull>;

/** The pull requests that brought a commit to a branch: those that ended in it, and those that have it among their commits. */
export async function mergedPulls(github: GitHubApi, commit: string, branch: string): Promise<readonly Pull[]> {
  const associated = await associatedPulls(github, commit);
  const merged = associated.filter((pull) => pull.merged_at !== null && pull.base.ref === branch);
  return merged.length > 0 ? merged : justMerged(github, commit, branch);
}

async function associatedPulls(github: GitHubApi, commit: string): Promise<readonly Pull[]> {
  try {
    return await github.askAll(
      {
        attempted: `read the pull requests of commit ${commit.slice(0, 7)}`,
        method: 'GET',
        route: '/repos/{owner}/{repo}/commits/{commit_sha}/pulls',
        parameters: { commit_sha: commit },
      },
      Pull,
    );
  } catch (error) {
    // GitHub does not know the commit: nobody has pushed it.
    if (error instanceof GitHubApiError && error.status === 422) return [];
    throw error;
  }
}

/** GitHub finds the pull requests of a commit by an index that is up to a minute late, and a deployment comes right after a merge. */
async function justMerged(github: GitHubApi, commit: string, branch: string): Promise<readonly Pull[]> {
  const closed = await github.ask(
    {
      attempted: `read the pull requests that were merged into ${branch}`,
      method: 'GET',
      route: '/repos/{owner}/{repo}/pulls',
      parameters: { state: 'closed', base: branch, sort: 'updated', direction: 'desc', per_page: 50 },
    },
    v.array(Pull),
  );
  return closed.filter((pull) => pull.merged_at !== null && pull.merge_commit_sha === commit);
}

/** The branch that is meant where an environment names none. */
export async function defaultBranch(github: GitHubApi): Promise<string> {
  const request = { attempted: 'read the default branch', method: 'GET', route: '/repos/{owner}/{repo}' } as const;
  return (await github.ask(request, v.object({ default_branch: v.string() }))).default_branch;
}
