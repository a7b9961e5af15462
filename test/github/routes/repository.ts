import { type Call, type Handlers, notFound, ok, unprocessable } from '../call.ts';
import type { Account, Commit, RepositoryState } from '../state.ts';

export const REPOSITORY_ROUTES: Handlers = {
  'repos/get': ({ state }) => ok({ ...repositoryView(state.fullName), default_branch: state.defaultBranch }),
  'repos/get-collaborator-permission-level': ({ state, parameters }) => {
    const user = state.accounts.get(parameters['username'] ?? '');
    if (!user) return notFound();
    const permission = state.permissions.get(user.login) ?? 'none';
    return ok({ permission, role_name: permission, user: { ...user, role_name: permission } });
  },
  'repos/get-commit': (call) => {
    const commit = find(call, call.parameters['ref'] ?? '');
    return commit ? ok(commitView(commit)) : unprocessable(`No commit found for SHA: ${call.parameters['ref']}`);
  },
  'repos/compare-commits-with-basehead': (call) => {
    const [base, head] = (call.parameters['basehead'] ?? '').split('...').map((ref) => find(call, ref));
    return base && head ? ok(comparison(call.state, base, head)) : notFound();
  },
};

/** A repository as it stands in what belongs to it. */
export function repositoryView(fullName: string) {
  const [owner = '', name = ''] = fullName.split('/');
  return { full_name: fullName, name, owner: { login: owner, id: 1, type: 'Organization' }, private: true };
}

function find({ state }: Call, ref: string): Commit | undefined {
  return state.commits.get(state.refs.get(`heads/${ref}`) ?? ref);
}

function comparison(state: RepositoryState, base: Commit, head: Commit) {
  const [before, after] = [state.history(base.sha), state.history(head.sha)];
  const [ahead, behind] = [[...after].filter((sha) => !before.has(sha)), [...before].filter((sha) => !after.has(sha))];
  const shared = [...after].find((sha) => before.has(sha)) ?? base.sha;
  return {
    status: statusOf(ahead.length, behind.length),
    ahead_by: ahead.length,
    behind_by: behind.length,
    total_commits: ahead.length,
    base_commit: commitView(base),
    merge_base_commit: commitView(state.commits.get(shared) ?? base),
    commits: ahead.flatMap((sha) => state.commits.get(sha) ?? []).map(commitView),
  };
}

function statusOf(ahead: number, behind: number): string {
  if (ahead === 0) return behind === 0 ? 'identical' : 'behind';
  return behind === 0 ? 'ahead' : 'diverged';
}

function commitView({ sha, message, parents, author, committer, isVerified }: Commit) {
  const verification = { verified: isVerified, reason: isVerified ? 'valid' : 'unsigned' };
  return {
    sha,
    author,
    committer,
    parents: parents.map((each) => ({ sha: each })),
    commit: { message, author: gitUser(author), committer: gitUser(committer), verification },
  };
}

function gitUser(account: Account | null) {
  return account && { name: account.login, email: `${account.login}@example.com` };
}
