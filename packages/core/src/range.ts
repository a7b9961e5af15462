import type { DeployRun } from './run.ts';
import { shortCommit } from './short-commit.ts';
import type { SeenTarget } from './target-run.ts';

/** What stands on a target when a commit comes. */
export interface Before {
  /** The newest commit that is known to have its content. */
  readonly commit: string;
  /** The commit that brought the content. */
  readonly brought: string;
  readonly approvals?: 'required';
}

/** `undefined` where nothing was deployed from here yet. */
export function deployedBefore({ seen: { recorded }, adoption }: SeenTarget): Before | undefined {
  const release = adoption ? adoption.before : recorded.release;
  if (!release) return undefined;
  const { commit: brought, approvals } = release;
  return { commit: recorded.commit ?? brought, brought, ...(approvals && { approvals }) };
}

/** So many commits may come to an environment at once. */
const MOST = 100;

/** The commits that come to a target with this one, the oldest first, or why nobody can tell. */
export type Range =
  | { readonly isKnown: true; readonly commits: readonly string[] }
  | { readonly isKnown: false; readonly why: string; readonly remedy: string };

/** What comes with a commit, over all targets. Where nothing was deployed before there is nothing to count from. */
export async function rangeOf(run: DeployRun, targets: readonly SeenTarget[]): Promise<Range> {
  const commits = new Set<string>();
  for (const start of new Set(targets.flatMap((target) => startOf(run, target)))) {
    const since = await run.history?.since(start, MOST + 1);
    if (!since) return unknown(start);
    if (since.length > MOST) return tooLong(start);
    for (const commit of since.toReversed()) commits.add(commit);
  }
  commits.delete(run.commit);
  return { isKnown: true, commits: [...commits] };
}

/**
 * A commit that changed nothing was not asked about and need not be now; only if the rule itself is being lifted, that commit may be
 * the one which takes it out.
 */
function startOf({ environment }: DeployRun, target: SeenTarget): readonly string[] {
  const before = deployedBefore(target);
  if (!before) return [];
  const isLifted = before.approvals === 'required' && environment.approvals !== 'required';
  return [isLifted ? before.brought : before.commit];
}

function unknown(start: string): Range {
  return {
    isKnown: false,
    why: `git can not tell what lies between it and commit ${shortCommit(start)}, which was deployed before`,
    remedy:
      'let the checkout fetch the whole history (`fetch-depth: 0`, or `git fetch --unshallow` in a clone); if the branch was rewritten, that does not help',
  };
}

function tooLong(start: string): Range {
  return {
    isKnown: false,
    why: `more than ${MOST} commits lie between it and commit ${shortCommit(start)}, which was deployed before`,
    remedy: 'deploy an approved commit in between first',
  };
}
