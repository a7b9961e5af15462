import { type Call, type Handlers, notFound, numberOf, ok, paged, textOf, unprocessable } from '../call.ts';
import type { Comment } from '../state.ts';

/** GitHub counts characters, not bytes. */
const LONGEST_BODY = 65_536;

export const COMMENT_ROUTES: Handlers = {
  'issues/list-comments': (call) => {
    if (!hasIssue(call)) return notFound();
    return paged(call, ofIssue(call).map(commentView));
  },
  'issues/create-comment': (call) => {
    if (!hasIssue(call)) return notFound();
    const wrong = wrongBody(textOf(call, 'body'));
    if (wrong) return unprocessable(wrong);
    const made = call.state.comment(numberOf(call, 'issue_number'), call.caller.login, textOf(call, 'body'));
    return { status: 201, data: commentView(made) };
  },
  'issues/get-comment': (call) => withComment(call, (comment) => ok(commentView(comment))),
  'issues/update-comment': (call) =>
    withComment(call, (comment) => {
      const wrong = wrongBody(textOf(call, 'body'));
      if (wrong) return unprocessable(wrong);
      Object.assign(comment, { body: textOf(call, 'body'), updatedAt: call.state.nextTime() });
      return ok(commentView(comment));
    }),
  'issues/delete-comment': (call) =>
    withComment(call, (comment) => {
      call.state.comments = call.state.comments.filter((each) => each !== comment);
      return { status: 204 };
    }),
};

function hasIssue({ state, ...call }: Call): boolean {
  const number = Number(call.parameters['issue_number']);
  return state.pulls.has(number) || state.issues.has(number);
}

function ofIssue(call: Call): readonly Comment[] {
  return call.state.comments.filter(({ issue }) => issue === numberOf(call, 'issue_number'));
}

function withComment(call: Call, work: (comment: Comment) => ReturnType<typeof ok>) {
  const comment = call.state.comments.find(({ id }) => id === numberOf(call, 'comment_id'));
  return comment ? work(comment) : notFound();
}

function wrongBody(body: string): string | undefined {
  if (body.trim() === '') return 'Validation Failed: body cannot be blank';
  return [...body].length > LONGEST_BODY
    ? 'Validation Failed: body is too long (maximum is 65536 characters)'
    : undefined;
}

function commentView({ id, author, body, createdAt, updatedAt }: Comment) {
  const app = author?.type === 'Bot' ? { slug: author.login.replace('[bot]', '') } : null;
  return {
    id,
    body,
    user: author,
    created_at: createdAt,
    updated_at: updatedAt,
    author_association: 'NONE',
    performed_via_github_app: app,
  };
}
