import * as v from 'valibot';
import { cutMarkdown } from '../cut-markdown.ts';
import type { GitHubApi } from './github-api.ts';
import { GitHubApiError } from './github-api-error.ts';
import { byAge, marked, type RunStamp, readMarked } from './marker.ts';
import { type Author, ownerTest } from './viewer.ts';

export interface KeptComment {
  /** Of the pull request, or of an issue. */
  readonly pullNumber: number;
  /** What it is called, e.g. `plan/production`: one comment is kept by that name. Letters, digits and `._/-`. */
  readonly marker: string;
  /** Markdown. What is too long for a comment is cut between its blocks. */
  readonly body: string;
  readonly run: JobRun;
}

/** The run that speaks, and where it can be seen whole. */
export interface JobRun extends RunStamp {
  /** Of the page with its job summary. */
  readonly url: string;
}

/** `unchanged`: it says that already, or a newer run has said something newer. `no-permission`: nothing was written. */
export type CommentOutcome = 'created' | 'updated' | 'unchanged' | 'no-permission';

/** GitHub takes no more, in characters. */
const LONGEST_BODY = 65_536;

const Comment = v.object({
  id: v.number(),
  body: v.optional(v.string(), ''),
  user: v.nullable(v.object({ id: v.number(), login: v.string() })),
});
type Comment = v.InferOutput<typeof Comment>;

/** A comment with our marker in its first line, by us. */
interface Own {
  readonly id: number;
  readonly stamp: RunStamp;
  readonly text: string;
}

/**
 * Keeps one comment up to date, found by a hidden marker among those that the owner of the token has written: whoever pastes the marker
 * gets no comment of ours changed. Of several that say different things the one of the newest run stays, so that runs at the same time
 * end with one comment. GitHub has no conditional write: a run that is slower than two requests of a newer one between its look and its
 * write could still come last, which `concurrency:` of the workflow prevents.
 *
 * Throws `GitHubApiError`; a token that may not comment, as that of a pull request from a fork, is an outcome and no error.
 */
export async function keepComment(github: GitHubApi, kept: KeptComment): Promise<CommentOutcome> {
  try {
    return await keep(github, kept);
  } catch (error) {
    if (error instanceof GitHubApiError && error.isNotPermitted) return 'no-permission';
    throw error;
  }
}

async function keep(github: GitHubApi, kept: KeptComment): Promise<CommentOutcome> {
  const text = fitting(kept);
  const found = await marks(github, kept);
  const isOurs = found.length === 0 ? undefined : await ownerTest(github);
  const [newest, ...older] = isOurs ? sorted(ownAmong(kept, found, isOurs)) : [];
  await removeAll(github, older);
  if (!newest) return create(github, kept, text);
  return isSame(newest, text) ? 'unchanged' : update(github, kept, newest.id, text);
}

function fitting({ marker, run, body }: KeptComment): string {
  const pointer = `*The rest is in the [summary of the job](${run.url}).*`;
  return cutMarkdown(body.trimEnd(), LONGEST_BODY - marked(marker, run, '').length, pointer);
}

/** Writes, and looks whether another run did the same: of two new comments the one of the newer run stays. */
async function create(github: GitHubApi, kept: KeptComment, text: string): Promise<CommentOutcome> {
  const { pullNumber, marker, run } = kept;
  const { id, user } = await github.ask(
    {
      attempted: `comment on pull request ${pullNumber}`,
      method: 'POST',
      route: '/repos/{owner}/{repo}/issues/{issue_number}/comments',
      parameters: { issue_number: pullNumber, body: marked(marker, run, text) },
    },
    Comment,
  );
  const others = ownAmong(kept, await marks(github, kept), (author) => author.id === user?.id);
  const [newest, ...older] = sorted([...others.filter((each) => each.id !== id), { id, stamp: run, text }]);
  await removeAll(github, older);
  return newest?.id === id ? 'created' : 'unchanged';
}

/** So often a comment is written again when an older run has written over it; then that run is at fault. */
const MOST_WRITES = 3;

/** Writes over what is older, right after a look at it, and looks again whether an older run was just as fast. */
async function update(github: GitHubApi, kept: KeptComment, id: number, text: string): Promise<CommentOutcome> {
  const body = marked(kept.marker, kept.run, text);
  for (let writes = 0; ; writes++) {
    const current = await read(github, kept.marker, id);
    if (!current) return create(github, kept, text);
    const age = byAge(current.stamp, kept.run);
    const isNewer = age > 0 || (age === 0 && writes > 0);
    if (isNewer || isSame(current, text) || writes === MOST_WRITES) return writes === 0 ? 'unchanged' : 'updated';
    const written = await orGone(
      github.ask(
        { ...COMMENT, attempted: `update the comment ${id}`, method: 'PATCH', parameters: { comment_id: id, body } },
        v.unknown(),
      ),
    );
    if (!written) return create(github, kept, text);
  }
}

const COMMENT = { route: '/repos/{owner}/{repo}/issues/comments/{comment_id}' };

/** `undefined` if somebody has removed it, or its marker. */
async function read(github: GitHubApi, marker: string, id: number): Promise<Own | undefined> {
  const comment = await orGone(
    github.ask(
      { ...COMMENT, attempted: `read the comment ${id}`, method: 'GET', parameters: { comment_id: id } },
      Comment,
    ),
  );
  return comment && ownOf(marker, comment.value);
}

function isSame(comment: Own, text: string): boolean {
  return comment.text.trimEnd() === text;
}

/** What came of it, or `undefined` where the comment is gone. */
async function orGone<Value>(asked: Promise<Value>): Promise<{ readonly value: Value } | undefined> {
  try {
    return { value: await asked };
  } catch (error) {
    if (error instanceof GitHubApiError && error.status === 404) return undefined;
    throw error;
  }
}

/** All comments with the marker, whoever wrote them. */
async function marks(github: GitHubApi, { pullNumber, marker }: KeptComment): Promise<readonly Comment[]> {
  const all = await github.askAll(
    {
      attempted: `read the comments of pull request ${pullNumber}`,
      method: 'GET',
      route: '/repos/{owner}/{repo}/issues/{issue_number}/comments',
      parameters: { issue_number: pullNumber },
    },
    Comment,
  );
  return all.filter((comment) => ownOf(marker, comment) !== undefined);
}

function ownAmong(
  { marker }: KeptComment,
  comments: readonly Comment[],
  isOurs: (author: Author) => boolean,
): readonly Own[] {
  const ours = comments.filter(({ user }) => user !== null && isOurs(user));
  return ours.flatMap((comment) => ownOf(marker, comment) ?? []);
}

/** The newest first, and of the same run the one that was there first. */
function sorted(comments: readonly Own[]): readonly Own[] {
  return comments.toSorted((a, b) => byAge(b.stamp, a.stamp) || a.id - b.id);
}

function ownOf(marker: string, { id, body }: Comment): Own | undefined {
  const read = readMarked(marker, body);
  return read && { id, ...read };
}

/** What another run has removed already is gone as well. */
async function removeAll(github: GitHubApi, comments: readonly Own[]): Promise<void> {
  for (const { id } of comments) {
    const attempted = `delete the comment ${id}, of which there is a newer one`;
    await orGone(github.ask({ ...COMMENT, attempted, method: 'DELETE', parameters: { comment_id: id } }, v.unknown()));
  }
}
