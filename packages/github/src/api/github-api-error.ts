import { GitopsError } from '@gitops/core';
import {
  type ApiReply,
  acceptedPermissions,
  isNotPermitted,
  isPrimaryLimit,
  isSecondaryLimit,
  messageIn,
} from './api-reply.ts';

/** A question to GitHub that was not answered. */
export class GitHubApiError extends GitopsError {
  /** Of the reply; 0 where there was none. */
  readonly status: number;
  /** Whether the token lacks a permission. */
  readonly isNotPermitted: boolean;

  constructor(attempted: string, repository: string, reply: ApiReply) {
    super('github-api', {
      attempted: `${attempted} in ${repository}`,
      seen: seen(reply),
      remedy: remedy(reply),
      ...(reply.cause !== undefined && { cause: reply.cause }),
    });
    this.name = 'GitHubApiError';
    this.status = reply.status;
    this.isNotPermitted = isNotPermitted(reply);
  }
}

function seen(reply: ApiReply): string {
  if (reply.status === 0) return `GitHub did not answer: ${messageIn(reply)}`;
  return `GitHub answered ${reply.status}: ${messageIn(reply)}`;
}

function remedy(reply: ApiReply): string {
  if (isPrimaryLimit(reply)) return `run again after ${resetTime(reply)}, when the token may ask again`;
  if (isSecondaryLimit(reply)) return 'run again in a few minutes; fewer jobs at the same time ask less at once';
  if (isNotPermitted(reply)) return permissionRemedy(reply);
  switch (reply.status) {
    case 401:
      return 'give another token: this one has expired, was revoked, or was not copied whole';
    case 404:
      return 'check the names; what the token may not see does not exist for it either';
    default:
      return reply.status === 0 || reply.status >= 500
        ? 'run again later; https://www.githubstatus.com says whether GitHub is well'
        : 'do what GitHub says, or report it with the lines above';
  }
}

/** `x-ratelimit-reset` is in seconds since 1970. */
function resetTime({ headers }: ApiReply): string {
  const reset = Number(headers['x-ratelimit-reset']);
  return Number.isFinite(reset) ? new Date(reset * 1000).toISOString() : 'an hour';
}

function permissionRemedy(reply: ApiReply): string {
  const accepted = acceptedPermissions(reply).map((each) => `\`${each}\``);
  if (accepted.length === 0) return 'give the token the permission that this needs';
  return `add ${accepted.join(' or ')} to \`permissions:\` of the job, or to the token`;
}
