/** What a token may do, by name of the permission as GitHub's headers write it: `pull_requests`. */
export type Permissions = Readonly<Record<string, 'read' | 'write'>>;

/** What `permissions:` of a job gives a token that may comment, deploy and push. */
export const WRITES: Permissions = {
  metadata: 'read',
  contents: 'write',
  issues: 'write',
  pull_requests: 'write',
  deployments: 'write',
};

/** The token of a pull request from a fork, whatever its workflow says. */
export const READ_ONLY: Permissions = {
  metadata: 'read',
  contents: 'read',
  issues: 'read',
  pull_requests: 'read',
  deployments: 'read',
};

/** What each operation asks for: each of one of these sets, as `X-Accepted-GitHub-Permissions` writes them. */
const ACCEPTED: Readonly<Record<string, string>> = {
  'issues/list-comments': 'issues=read; pull_requests=read',
  'issues/get-comment': 'issues=read; pull_requests=read',
  'issues/create-comment': 'issues=write; pull_requests=write',
  'issues/update-comment': 'issues=write; pull_requests=write',
  'issues/delete-comment': 'issues=write; pull_requests=write',
  'issues/list-for-repo': 'issues=read',
  'issues/get': 'issues=read; pull_requests=read',
  'issues/create': 'issues=write',
  'issues/update': 'issues=write; pull_requests=write',
  'pulls/list': 'pull_requests=read',
  'pulls/get': 'pull_requests=read',
  'pulls/create': 'pull_requests=write',
  'pulls/list-files': 'pull_requests=read',
  'pulls/list-reviews': 'pull_requests=read',
  'repos/get': 'metadata=read',
  'repos/get-commit': 'contents=read',
  'repos/compare-commits-with-basehead': 'contents=read',
  'repos/list-pull-requests-associated-with-commit': 'pull_requests=read,contents=read',
  'repos/get-collaborator-permission-level': 'metadata=read',
  'repos/list-deployments': 'deployments=read',
  'repos/create-deployment': 'deployments=write',
  'repos/list-deployment-statuses': 'deployments=read',
  'repos/create-deployment-status': 'deployments=write',
  'repos/get-content': 'contents=read',
  'repos/create-or-update-file-contents': 'contents=write',
  'repos/delete-file': 'contents=write',
  'git/get-ref': 'contents=read',
  'git/create-ref': 'contents=write',
  'git/update-ref': 'contents=write',
  'git/delete-ref': 'contents=write',
};

/** The header that says what an operation asks for. */
export function acceptedPermissions(operation: string): string {
  return ACCEPTED[operation] ?? '';
}

/** Whether these permissions are enough for it. */
export function isPermitted(operation: string, permissions: Permissions): boolean {
  return acceptedPermissions(operation)
    .split(';')
    .some((set) => set.split(',').every((each) => has(permissions, each.trim())));
}

function has(permissions: Permissions, asked: string): boolean {
  const [name = '', level] = asked.split('=');
  const given = permissions[name];
  return given === 'write' || (given === 'read' && level === 'read');
}
