import * as v from 'valibot';
import { type Call, type Handlers, notFound, numberOf, ok, paged, textOf } from '../call.ts';
import type { Issue } from '../state.ts';

const Labels = v.fallback(v.array(v.string()), []);

export const ISSUE_ROUTES: Handlers = {
  'issues/list-for-repo': (call) => paged(call, listed(call).map(issueView)),
  'issues/get': (call) => withIssue(call, (issue) => ok(issueView(issue))),
  'issues/create': (call) => {
    const labels = v.parse(Labels, call.body['labels']);
    const texts = { title: textOf(call, 'title'), body: textOf(call, 'body') };
    const made: Issue = { number: call.state.nextId(), ...texts, state: 'open', labels, author: call.caller };
    call.state.issues.set(made.number, made);
    return { status: 201, data: issueView(made) };
  },
  'issues/update': (call) =>
    withIssue(call, (issue) => {
      const { title, body, state, labels } = call.body;
      Object.assign(issue, {
        ...(title !== undefined && { title }),
        ...(body !== undefined && { body }),
        ...(state !== undefined && { state }),
        ...(labels !== undefined && { labels: v.parse(Labels, labels) }),
      });
      return ok(issueView(issue));
    }),
};

/** Pull requests are issues too. */
function listed({ state, query }: Call): readonly Issue[] {
  const asked = query.get('state') ?? 'open';
  const wanted = (query.get('labels') ?? '').split(',').filter((label) => label !== '');
  return [...state.issues.values(), ...state.pulls.values()]
    .filter((issue) => asked === 'all' || issue.state === asked)
    .filter(({ labels }) => wanted.every((label) => labels.includes(label)))
    .toSorted((a, b) => b.number - a.number);
}

function withIssue(call: Call, work: (issue: Issue) => ReturnType<typeof ok>) {
  const number = numberOf(call, 'issue_number');
  const issue = call.state.issues.get(number) ?? call.state.pulls.get(number);
  return issue ? work(issue) : notFound();
}

function issueView(issue: Issue) {
  const { number, title, body, state, labels, author } = issue;
  const isPull = 'mergedAt' in issue;
  return {
    ...{ number, title, body, state, id: number, user: author, author_association: 'NONE' },
    labels: labels.map((name) => ({ name })),
    ...(isPull && { pull_request: {} }),
  };
}
