import { GitopsError, messageOf } from './errors.ts';
import { hasEnded } from './preconditions.ts';
import { pruneOn } from './prune.ts';
import type { DeployRun } from './run.ts';
import { type LeasedTarget, onEach } from './target-run.ts';

/**
 * Does the work; if it is refused or fails before a change, removes what no way back needs, so that a disk does not stay full for
 * ever, and where that was what it failed for, tries once more.
 */
export async function makingRoom<T>(
  run: DeployRun,
  targets: readonly LeasedTarget[],
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (run.signal.aborted) throw error;
    const removed = await pruneAll(run, targets);
    if (!isDiskFull(error) || removed === 0) throw error;
    const [things, were] = removed === 1 ? ['thing', 'was'] : ['things', 'were'];
    run.reporter.say(
      'warning',
      `${messageOf(error)}\n${removed} ${things} that no way back needs ${were} removed; trying again.`,
    );
    return work();
  }
}

/** How many things went. */
async function pruneAll(run: DeployRun, targets: readonly LeasedTarget[]): Promise<number> {
  const settled = targets.filter(({ seen: { recorded } }) => hasEnded(recorded.transaction));
  const items = await run.timed('prune', () => onEach(run, settled, (target) => pruneOn(run, target)));
  return items.flat().length;
}

function isDiskFull(error: unknown): boolean {
  return error instanceof GitopsError && error.code === 'disk-full';
}
