import { readFile } from 'node:fs/promises';
import { GitopsError, messageOf } from '@gitops/core';
import * as v from 'valibot';

/** The pull request that an event is about. */
export interface PullRequestEvent {
  readonly number: number;
  /** The branch it goes to, and the commit there. */
  readonly baseRef: string;
  readonly baseSha: string;
  readonly headSha: string;
  /** Whether its branch is in another repository: then the token may only read, and no secrets are there. */
  readonly isFromFork: boolean;
}

const Repository = v.object({ full_name: v.string() });
const Event = v.object({
  pull_request: v.optional(
    v.object({
      number: v.number(),
      base: v.object({ ref: v.string(), sha: v.string(), repo: Repository }),
      // The repository of a head may be deleted while its pull request is open.
      head: v.object({ sha: v.string(), repo: v.nullable(Repository) }),
    }),
  ),
});

/**
 * Reads the payload of the event that started the job, at `GITHUB_EVENT_PATH`. `undefined` where it is about no pull request. Throws
 * `GitopsError` `event`.
 */
export async function pullRequestOf(eventPath: string): Promise<PullRequestEvent | undefined> {
  const event = v.safeParse(Event, await readEvent(eventPath));
  if (!event.success) throw unreadable(eventPath, event.issues[0].message);
  const pull = event.output.pull_request;
  if (!pull) return undefined;
  const { number, base, head } = pull;
  return {
    number,
    baseRef: base.ref,
    baseSha: base.sha,
    headSha: head.sha,
    isFromFork: head.repo?.full_name !== base.repo.full_name,
  };
}

async function readEvent(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, 'utf8'));
  } catch (error) {
    throw unreadable(path, messageOf(error), error);
  }
}

function unreadable(path: string, seen: string, cause?: unknown): GitopsError {
  const remedy = 'run in a job of GitHub Actions, which sets GITHUB_EVENT_PATH';
  return new GitopsError('event', { attempted: `read the event at ${JSON.stringify(path)}`, seen, remedy, cause });
}
