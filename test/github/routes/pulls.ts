import { type Call, type Handlers, notFound, numberOf, ok, paged, textOf, unprocessable } from '../call.ts';
import { openPull } from '../pull-stories.ts';
import type { Pull, RepositoryState, Review } from '../state.ts';
import { repositoryView } from './repository.ts';

export const PULL_ROUTES: Handlers = {
  'pulls/list': (call) =>
    paged(
      call,
      listed(call).map((pull) => simpleView(call.state, pull)),
    ),
  'pulls/get': (call) => withPull(call, (pull) => ok(pullView(call.state, pull))),
  'pulls/create': (call) => {
    const [headRef, base] = [textOf(call, 'head'), textOf(call, 'base')];
    const head = call.state.refs.get(`heads/${headRef}`);
    if (head === undefined || !call.state.refs.has(`heads/${base}`)) return unprocessable('Validation Failed');
    const texts = { title: textOf(call, 'title'), body: textOf(call, 'body') };
    const pull = openPull(call.state, call.caller.login, { ...texts, base, headRef, head });
    return { status: 201, data: pullView(call.state, pull) };
  },
  'pulls/list-files': (call) => withPull(call, ({ files }) => paged(call, files.map(fileView))),
  'pulls/list-reviews': (call) => withPull(call, ({ reviews }) => paged(call, reviews.map(reviewView))),
  'repos/list-pull-requests-associated-with-commit': (call) => {
    const sha = call.parameters['commit_sha'] ?? '';
    if (!call.state.commits.has(sha)) return unprocessable(`No commit found for SHA: ${sha}`);
    const found = call.state.isIndexLate
      ? []
      : [...call.state.pulls.values()].filter((pull) => pull.commits.includes(sha));
    return paged(
      call,
      found.map((pull) => simpleView(call.state, pull)),
    );
  },
};

/** Newest first, as far as the fake knows of orders. */
function listed({ state, query }: Call): readonly Pull[] {
  const asked = query.get('state') ?? 'open';
  const base = query.get('base');
  return [...state.pulls.values()]
    .filter((pull) => (asked === 'all' || pull.state === asked) && (base === null || pull.base === base))
    .toReversed();
}

function withPull(call: Call, work: (pull: Pull) => ReturnType<typeof ok>) {
  const pull = call.state.pulls.get(numberOf(call, 'pull_number'));
  return pull ? work(pull) : notFound();
}

function simpleView(state: RepositoryState, pull: Pull) {
  const { number, title, body, author, headRepository } = pull;
  const head = { label: `x:${pull.headRef}`, ref: pull.headRef, sha: pull.head, user: author };
  return {
    ...{ number, title, body, state: pull.state, id: number, user: author },
    merged_at: pull.mergedAt,
    merge_commit_sha: pull.mergeCommit,
    author_association: 'NONE',
    base: { ref: pull.base, sha: state.refs.get(`heads/${pull.base}`) ?? '', repo: repositoryView(state.fullName) },
    head: { ...head, repo: repositoryView(headRepository ?? 'deleted/deleted') },
  };
}

function pullView(state: RepositoryState, pull: Pull) {
  return { ...simpleView(state, pull), merged: pull.mergedAt !== null, changed_files: pull.files.length };
}

function fileView(filename: string) {
  return { filename, status: 'modified', sha: '0'.repeat(40), additions: 1, changes: 1 };
}

function reviewView({ id, author, state, commit, submittedAt }: Review) {
  return { id, user: author, state, commit_id: commit, submitted_at: submittedAt, author_association: 'NONE' };
}
