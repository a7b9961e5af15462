import type { Approval } from '@gitops/core';
import { accountsOf, type Standing, standingOf } from './commits.ts';
import type { GitHubApi } from './github-api.ts';
import { defaultBranch, mergedPulls, type Pull } from './merged-pulls.ts';
import { mayWrite, type Opinion, opinionsOn } from './reviews.ts';

/**
 * Whether a commit came to a branch (the default branch, if none is named) by a pull request that was approved: by at least one person
 * who may write, other than its author and whoever made the last commit of it, for exactly the head that was merged, and with nobody who may write
 * still asking for changes. The latest review of each reviewer counts. Throws `GitHubApiError`: what can't be read is not approved.
 */
export async function approvalOf(github: GitHubApi, commit: string, branch?: string): Promise<Approval> {
  const into = branch ?? (await defaultBranch(github));
  const pulls = await mergedPulls(github, commit, into);
  const whys: string[] = [];
  for (const pull of pulls) {
    const judged = await judge(github, commit, pull);
    if (judged.isApproved) return judged;
    whys.push(judged.why);
  }
  const none = `no pull request that was merged into ${into} has it: it was pushed there, or not at all`;
  return { isApproved: false, why: whys.length === 0 ? none : whys.join('; ') };
}

async function judge(github: GitHubApi, commit: string, pull: Pull): Promise<Approval> {
  const opinions = await opinionsOn(github, pull);
  const objections = await ofWriters(
    github,
    opinions.filter(({ state }) => state === 'CHANGES_REQUESTED'),
  );
  if (objections.length > 0) return refused(pull, `${names(objections)} asked for changes`);
  const { candidates, why } = await candidatesAmong(github, opinions, pull);
  const approvals = await ofWriters(github, candidates);
  if (approvals.length === 0) return refused(pull, candidates.length > 0 ? `${names(candidates)} may not write` : why);
  const standing = await standingOf(github, commit, pull);
  if (standing !== 'approved') return refused(pull, OTHERWISE[standing](commit.slice(0, 7), short(pull)));
  return { isApproved: true, pull: pull.number, by: approvals.map(({ reviewer }) => reviewer.login) };
}

const OTHERWISE: Readonly<Record<Exclude<Standing, 'approved'>, (commit: string, head: string) => string>> = {
  within: (commit, head) => `${commit} is a step on the way to its head ${head}, and only that was approved`,
  beyond: (commit, head) => `${commit} was pushed on top of its head ${head}, so it may hold more than that`,
};

interface Candidates {
  readonly candidates: readonly Opinion[];
  /** If there is none. */
  readonly why: string;
}

/** Approvals of the head that was merged, by people who did not write it. Only a person approves: a workflow could do it for itself. */
async function candidatesAmong(github: GitHubApi, opinions: readonly Opinion[], pull: Pull): Promise<Candidates> {
  const approvals = opinions.filter(({ state, reviewer }) => state === 'APPROVED' && reviewer.type === 'User');
  if (approvals.length === 0) return { candidates: [], why: 'nobody approved it' };
  const current = approvals.filter((each) => each.commit === pull.head.sha);
  if (current.length === 0)
    return { candidates: [], why: `${names(approvals)} approved an older commit than ${short(pull)}` };
  const committed = await accountsOf(github, pull.head.sha);
  // Whoever made it can have let a workflow open the pull request.
  if (committed.length === 0 && pull.user?.type !== 'User')
    return {
      candidates: [],
      why: `nobody knows who wrote it: no account made ${short(pull)}, and no person opened it`,
    };
  const writers = [...(pull.user ? [pull.user] : []), ...committed];
  const candidates = current.filter(({ reviewer }) => !writers.some(({ id }) => id === reviewer.id));
  return { candidates, why: `${names(current)} approved what is their own: its author, or who made its last commit` };
}

async function ofWriters(github: GitHubApi, opinions: readonly Opinion[]): Promise<readonly Opinion[]> {
  const writers: Opinion[] = [];
  for (const opinion of opinions) if (await mayWrite(github, opinion.reviewer)) writers.push(opinion);
  return writers;
}

function refused({ number }: Pull, why: string): Approval {
  return { isApproved: false, why: `pull request ${number}: ${why}` };
}

function names(opinions: readonly Opinion[]): string {
  return opinions.map(({ reviewer }) => reviewer.login).join(', ');
}

function short({ head }: Pull): string {
  return head.sha.slice(0, 7);
}
