import { GitopsError } from './errors.ts';
import type { TransactionStatus } from './ports.ts';
import { hasEnded } from './preconditions.ts';
import type { DeployRun } from './run.ts';
import type { LeasedTarget } from './target-run.ts';

/** What the recovery of one target needs to know of its run. */
export type Recovering = Pick<DeployRun, 'reporter' | 'many' | 'timed'>;

/**
 * Brings what an earlier run left on a target to a verified end, and says how it ended. `undefined` if nothing was left. Throws
 * `GitopsError` `not-recovered`.
 */
export async function recoverOn(
  run: Recovering,
  {
    session,
    lease,
    seen,
  }: Pick<LeasedTarget, 'session' | 'lease'> & { readonly seen: Pick<LeasedTarget['seen'], 'recorded'> },
): Promise<TransactionStatus | undefined> {
  const { transaction } = seen.recorded;
  if (hasEnded(transaction)) return undefined;
  const where = run.many ? ` on ${session.label}` : '';
  run.reporter.say('warning', `An earlier run left transaction ${transaction?.id} unfinished${where}; recovering.`);
  const status = await run.timed('recover', () => session.recover(lease));
  if (!hasEnded(status)) throw stillUnfinished(session.label, status);
  run.reporter.say('notice', `Transaction ${status.id} of the earlier run ended ${status.state}${where}.`);
  return status;
}

function stillUnfinished(label: string, { id, state, detail }: TransactionStatus): GitopsError {
  return new GitopsError('not-recovered', {
    attempted: `bring transaction ${id} of an earlier run to its end on ${label}`,
    seen: `it is ${state}${detail === '' ? '' : ` (${detail})`}, and nothing can be changed before that`,
    remedy:
      'see the journal and the log of the transaction in the state folder, make room if the disk is full, and run again',
  });
}
