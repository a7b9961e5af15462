import { GitopsError } from './errors.ts';
import type { TransactionStatus } from './ports.ts';
import { hasEnded } from './preconditions.ts';
import type { DeployRun } from './run.ts';
import type { LeasedTarget } from './target-run.ts';

/** What the recovery of one target needs to know of its run. */
export type Recovering = Pick<DeployRun, 'reporter' | 'many' | 'timed'>;

/**
 * Brings what an earlier run left on a target to a verified end, and says how it ended. `undefined` if nothing was left. What could
 * not be taken back before is tried once more, and may end `revert-failed` again. Throws `GitopsError` `not-recovered`.
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
  if (!transaction || (hasEnded(transaction) && transaction.state !== 'revert-failed')) return undefined;
  const where = run.many ? ` on ${session.label}` : '';
  run.reporter.say('warning', `Transaction ${transaction.id}${where} ${leftAs(transaction)}`);
  const status = await run.timed('recover', () => session.recover(lease));
  if (!hasEnded(status)) throw stillUnfinished(session.label, status);
  run.reporter.say('notice', `Transaction ${status.id}${where} ended ${status.state}.`);
  return status;
}

function leftAs({ state }: TransactionStatus): string {
  if (state === 'frozen') return 'is frozen; it is taken back.';
  if (state === 'revert-failed') return 'could not be taken back; that is tried once more.';
  return 'was left unfinished; recovering.';
}

function stillUnfinished(label: string, { id, state, detail }: TransactionStatus): GitopsError {
  return new GitopsError('not-recovered', {
    attempted: `bring transaction ${id} of an earlier run to its end on ${label}`,
    seen: `it is ${state}${detail === '' ? '' : ` (${detail})`}, and nothing can be changed before that`,
    remedy:
      'see the journal and the log of the transaction in the state folder, make room if the disk is full, and run again',
  });
}
