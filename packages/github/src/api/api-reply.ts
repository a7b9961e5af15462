import * as v from 'valibot';

/** What came back. A status of 0 means that nothing did, or only a part. */
export interface ApiReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly data: unknown;
  /** Why there is no reply. */
  readonly cause?: unknown;
}

const Refusal = v.object({ message: v.string() });
const LONGEST_MESSAGE = 300;

/** What GitHub, or a server on the way, says of a failure. */
export function messageIn({ status, data, cause }: ApiReply): string {
  if (status === 0) return cause instanceof Error ? cause.message : String(cause);
  const said = v.is(Refusal, data) ? data.message : 'a page instead of data';
  return said.slice(0, LONGEST_MESSAGE);
}

/** Too many requests at once: GitHub asks to wait a little. */
export function isSecondaryLimit(reply: ApiReply): boolean {
  if (!isLimitStatus(reply)) return false;
  return reply.headers['retry-after'] !== undefined || /secondary rate limit|abuse detection/i.test(messageIn(reply));
}

/** The token's share of the hour is used up. */
export function isPrimaryLimit(reply: ApiReply): boolean {
  return isLimitStatus(reply) && reply.headers['x-ratelimit-remaining'] === '0';
}

/** The token may not do this. GitHub answers so to every kind of token. */
export function isNotPermitted(reply: ApiReply): boolean {
  if (reply.status !== 403 || isSecondaryLimit(reply) || isPrimaryLimit(reply)) return false;
  return /not accessible by|must have|requires? .*permission/i.test(messageIn(reply));
}

/** Permissions that would do, each by itself, as `permissions:` of a job writes them: `pull-requests: write`. */
export function acceptedPermissions({ headers }: ApiReply): readonly string[] {
  const accepted = headers['x-accepted-github-permissions'] ?? '';
  const sets = accepted
    .split(';')
    .map((set) => set.trim())
    .filter((set) => set !== '');
  return sets.map((set) => set.split(',').map(asWorkflowLine).join(', '));
}

function asWorkflowLine(permission: string): string {
  const [name = '', level = ''] = permission.trim().split('=');
  return `${name.replaceAll('_', '-')}: ${level}`;
}

function isLimitStatus({ status }: ApiReply): boolean {
  return status === 403 || status === 429;
}
