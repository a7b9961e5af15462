import { createHash } from 'node:crypto';

/** Who has an account on GitHub. */
export interface Account {
  readonly login: string;
  readonly id: number;
  readonly type: 'User' | 'Bot';
}

/** GitHub's own account, by which it commits what is merged or edited on its pages. */
export const WEB_FLOW: Account = { login: 'web-flow', id: 19864447, type: 'User' };
/** Whose comments are made with the token of a job. */
export const ACTIONS_BOT: Account = { login: 'github-actions[bot]', id: 41898282, type: 'Bot' };

export interface Comment {
  readonly id: number;
  readonly issue: number;
  readonly author: Account | null;
  body: string;
  readonly createdAt: string;
  updatedAt: string;
}

export interface Review {
  readonly id: number;
  readonly author: Account | null;
  state: 'APPROVED' | 'CHANGES_REQUESTED' | 'COMMENTED' | 'DISMISSED' | 'PENDING';
  readonly commit: string | null;
  readonly submittedAt: string;
}

export interface Commit {
  readonly sha: string;
  readonly message: string;
  readonly parents: readonly string[];
  readonly author: Account | null;
  readonly committer: Account | null;
  /** Whether it has a signature that GitHub takes for good. */
  readonly isVerified: boolean;
}

export interface Issue {
  readonly number: number;
  title: string;
  body: string;
  state: 'open' | 'closed';
  labels: readonly string[];
  readonly author: Account;
}

export interface Pull extends Issue {
  base: string;
  readonly headRef: string;
  head: string;
  /** `owner/name` of the repository of the head; `null` if it was deleted. */
  readonly headRepository: string | null;
  mergedAt: string | null;
  mergeCommit: string | null;
  /** Those of its branch and, once it is merged, those that it became. */
  commits: readonly string[];
  readonly reviews: Review[];
  files: readonly string[];
}

export interface DeploymentStatus {
  readonly id: number;
  readonly state: string;
  readonly description: string;
  readonly creator: Account;
  readonly logUrl: string;
  readonly environmentUrl: string;
}

export interface Deployment {
  readonly id: number;
  readonly ref: string;
  readonly sha: string;
  readonly environment: string;
  readonly description: string | null;
  readonly creator: Account;
  readonly statuses: DeploymentStatus[];
}

/** One repository on GitHub with everything that is asked of it. Tests write to it as people would. */
export class RepositoryState {
  readonly fullName: string;
  readonly defaultBranch = 'main';
  readonly accounts = new Map<string, Account>([[ACTIONS_BOT.login, ACTIONS_BOT]]);
  /** By login: what GitHub says of their access. */
  readonly permissions = new Map<string, string>();
  comments: Comment[] = [];
  readonly pulls = new Map<number, Pull>();
  readonly issues = new Map<number, Issue>();
  readonly commits = new Map<string, Commit>();
  readonly deployments: Deployment[] = [];
  /** Without `refs/`: `heads/main`. */
  readonly refs = new Map<string, string>();
  /** Content by `branch:path`. */
  readonly files = new Map<string, Buffer>();
  /** GitHub finds the pull requests of a commit by an index that lags behind a merge by up to a minute. */
  isIndexLate = false;
  #last = 0;

  constructor(fullName: string) {
    this.fullName = fullName;
  }

  /** A number that was not given to anything yet. */
  nextId(): number {
    return ++this.#last;
  }

  /** One second after the time before, so that what is newer is newer. */
  nextTime(): string {
    return new Date(Date.UTC(2026, 0, 1) + this.nextId() * 1000).toISOString().replace('.000', '');
  }

  /** The account of that name, made when it is first named. Bots end with `[bot]`. */
  account(login: string): Account {
    const known = this.accounts.get(login);
    if (known) return known;
    const made = { login, id: 1000 + this.nextId(), type: login.endsWith('[bot]') ? 'Bot' : 'User' } as const;
    this.accounts.set(login, made);
    return made;
  }

  /** An account with access to the repository: `admin`, `write`, `read` or `none`. */
  member(login: string, permission: string): Account {
    this.permissions.set(login, permission);
    return this.account(login);
  }

  /** Adds a commit and gives its id. */
  commit(said: Partial<Commit> = {}): string {
    const sha = createHash('sha1').update(`${this.fullName} ${this.nextId()}`).digest('hex');
    const nothing = { sha, message: 'change', parents: [], author: null, committer: null, isVerified: false };
    const commit = { ...nothing, ...said };
    this.commits.set(commit.sha, commit);
    return commit.sha;
  }

  /** Adds a comment of somebody. */
  comment(issue: number, login: string, body: string): Comment {
    const time = this.nextTime();
    const made = { id: this.nextId(), issue, author: this.account(login), body, createdAt: time, updatedAt: time };
    this.comments.push(made);
    return made;
  }

  /** The commit and everything before it, as far as it is known. */
  history(sha: string): ReadonlySet<string> {
    const seen = new Set<string>();
    const open = [sha];
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      if (seen.has(next)) continue;
      seen.add(next);
      open.push(...(this.commits.get(next)?.parents ?? []));
    }
    return seen;
  }
}
