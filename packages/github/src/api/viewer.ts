import * as v from 'valibot';
import type { GitHubApi } from './github-api.ts';
import { GitHubApiError } from './github-api-error.ts';

/** Who has written something, as far as it says who. */
export interface Author {
  readonly id: number;
  readonly login: string;
}

const Viewer = v.object({ data: v.object({ viewer: v.object({ login: v.string(), databaseId: v.number() }) }) });

/** Who writes with the token of a job. */
const JOB_BOT = 'github-actions[bot]';

/**
 * Tells whether somebody is the owner of this token. GraphQL says whose it is for every kind of token, while `GET /user` refuses those
 * of jobs and apps. Where GraphQL is shut off, the token is taken for that of a job.
 */
export async function ownerTest(github: GitHubApi): Promise<(author: Author) => boolean> {
  try {
    const { data } = await github.ask(
      {
        attempted: 'find out whose token it is',
        method: 'POST',
        route: '/graphql',
        parameters: { query: '{ viewer { login databaseId } }' },
        isIdempotent: true,
      },
      Viewer,
    );
    return ({ id }) => id === data.viewer.databaseId;
  } catch (error) {
    if (error instanceof GitHubApiError && error.status >= 200 && error.status < 500)
      return ({ login }) => login === JOB_BOT;
    throw error;
  }
}
