import * as v from 'valibot';
import type { GitHubApi } from './github-api.ts';
import { GitHubApiError } from './github-api-error.ts';
import { type Account, MaybeAccount, type Pull } from './merged-pulls.ts';

const Review = v.object({ user: MaybeAccount, state: v.string(), commit_id: v.nullable(v.string()) });

/** What somebody thinks of a pull request by now. */
export interface Opinion {
  readonly reviewer: Account;
  readonly state: string;
  /** The commit that was looked at. */
  readonly commit: string | null;
}

/** A comment changes no opinion; a review that was dismissed is none. */
const OPINIONS: ReadonlySet<string> = new Set(['APPROVED', 'CHANGES_REQUESTED', 'DISMISSED']);

/** The latest opinion of each reviewer who still has an account. */
export async function opinionsOn(github: GitHubApi, { number }: Pull): Promise<readonly Opinion[]> {
  const reviews = await github.askAll(
    {
      attempted: `read the reviews of pull request ${number}`,
      method: 'GET',
      route: '/repos/{owner}/{repo}/pulls/{pull_number}/reviews',
      parameters: { pull_number: number },
    },
    Review,
  );
  const latest = new Map<number, Opinion>();
  // GitHub lists the oldest first.
  for (const { user, state, commit_id } of reviews) {
    if (user && OPINIONS.has(state)) latest.set(user.id, { reviewer: user, state, commit: commit_id });
  }
  return [...latest.values()];
}

/** Whether somebody may write to the repository now. */
export async function mayWrite(github: GitHubApi, { login }: Account): Promise<boolean> {
  try {
    const { permission } = await github.ask(
      {
        attempted: `read what ${login} may do`,
        method: 'GET',
        route: '/repos/{owner}/{repo}/collaborators/{username}/permission',
        parameters: { username: login },
      },
      v.object({ permission: v.string() }),
    );
    return permission === 'admin' || permission === 'write';
  } catch (error) {
    if (error instanceof GitHubApiError && error.status === 404) return false;
    throw error;
  }
}
