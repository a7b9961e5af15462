import { messageOf } from './errors.ts';
import type { PrunedItem } from './ports.ts';
import type { DeployRun } from './run.ts';
import type { Standing } from './standing.ts';
import { type LeasedTarget, onEach } from './target-run.ts';

/**
 * Removes what no way back needs any more, where a release was confirmed and while its lease is held. What was deployed
 * stands whatever comes of it.
 */
export async function pruneConfirmed(run: DeployRun, settled: readonly Standing[]): Promise<readonly PrunedItem[]> {
  const confirmed = settled.filter(({ state }) => state === 'confirmed');
  const items = await run.timed('prune', () => onEach(run, confirmed, ({ move }) => pruneOn(run, move)));
  return items.flat();
}

/** What the pruning of one target needs to know of its run. */
export type Pruning = Pick<DeployRun, 'environment' | 'clock' | 'reporter' | 'many'>;

/** Never throws: what stays is told, and removed by a later run. */
export async function pruneOn(
  run: Pruning,
  { session, lease, scope }: Pick<LeasedTarget, 'session' | 'lease' | 'scope'>,
): Promise<readonly PrunedItem[]> {
  try {
    const items = await session.prune(lease, run.environment.retention, run.clock.today());
    for (const { kind, name, fault } of items) {
      if (fault) run.reporter.say('warning', `${kind} ${name} stays on ${session.label}: ${fault}`);
    }
    const removed = items.filter(({ fault }) => fault === undefined);
    return run.many ? removed.map((item) => ({ ...item, name: `${scope.target.name}: ${item.name}` })) : removed;
  } catch (error) {
    run.reporter.say('warning', `Old releases stay on ${session.label} until the next deployment: ${messageOf(error)}`);
    return [];
  }
}
