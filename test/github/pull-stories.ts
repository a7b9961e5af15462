import { type Commit, type Pull, type RepositoryState, type Review, WEB_FLOW } from './state.ts';

/** What happens to pull requests, by the hands of people. */

/** Opens a pull request with one commit of its author. */
export function openPull(state: RepositoryState, login: string, said: Partial<Pull> = {}): Pull {
  const author = state.account(login);
  const head =
    said.head ??
    state.commit({ author, committer: author, message: 'change the web', parents: tipOf(state, said.base) });
  const pull: Pull = {
    number: state.nextId(),
    title: 'Change the web',
    body: '',
    state: 'open',
    labels: [],
    author,
    base: state.defaultBranch,
    headRef: 'change',
    headRepository: state.fullName,
    mergedAt: null,
    mergeCommit: null,
    reviews: [],
    files: [],
    ...said,
    head,
    commits: said.commits ?? [head],
  };
  state.pulls.set(pull.number, pull);
  return pull;
}

/** Pushes one more commit to the branch of a pull request. */
export function pushTo(state: RepositoryState, pull: Pull, login: string): string {
  const account = state.account(login);
  pull.head = state.commit({ author: account, committer: account, parents: [pull.head] });
  pull.commits = [...pull.commits, pull.head];
  return pull.head;
}

/** Reviews the head, or an older commit. `login` is `null` where the account was deleted. */
export function review(
  state: RepositoryState,
  pull: Pull,
  login: string | null,
  said: Review['state'],
  commit: string | null = pull.head,
): Review {
  const author = login === null ? null : state.account(login);
  const made = { id: state.nextId(), author, state: said, commit, submittedAt: state.nextTime() };
  pull.reviews.push(made);
  return made;
}

/** How a pull request can come into its branch; the last two are pushes by hand, after which GitHub calls it merged too. */
export type Merge = 'merge' | 'squash' | 'rebase' | 'fast-forward' | 'by-hand' | 'with-more';

/** Merges it and gives the commit that its branch is at then; `as` is the id of that commit, where there is one already. */
export function merge(state: RepositoryState, pull: Pull, how: Merge, as?: string): string {
  const sha = mergeCommit(state, pull, how, as === undefined ? {} : { sha: as });
  const time = state.nextTime();
  Object.assign(pull, { state: 'closed', mergedAt: time, mergeCommit: sha });
  pull.commits = [...pull.commits, sha];
  state.refs.set(`heads/${pull.base}`, sha);
  return sha;
}

function mergeCommit(state: RepositoryState, pull: Pull, how: Merge, id: Partial<Commit>): string {
  const person = state.account('merger');
  const base = tipOf(state, pull.base);
  const byGitHub = { ...id, author: person, committer: WEB_FLOW, isVerified: true };
  const byHand = { ...id, author: person, committer: person };
  switch (how) {
    case 'merge':
      return state.commit({
        ...byGitHub,
        parents: [...base, pull.head],
        message: `Merge pull request #${pull.number}`,
      });
    case 'squash':
      return state.commit({ ...byGitHub, parents: base, message: `Change the web (#${pull.number})` });
    case 'rebase':
      return state.commit({ ...byHand, author: pull.author, parents: base });
    case 'fast-forward':
      return pull.head;
    case 'by-hand':
      return state.commit({ ...byHand, parents: [...base, pull.head] });
    case 'with-more':
      return state.commit({ ...byHand, parents: [pull.head] });
  }
}

function tipOf(state: RepositoryState, branch = state.defaultBranch): readonly string[] {
  const tip = state.refs.get(`heads/${branch}`);
  return tip === undefined ? [] : [tip];
}
