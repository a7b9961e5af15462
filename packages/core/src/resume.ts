import type { DeployResult } from './deploy-result.ts';
import type { Plan } from './model.ts';
import { type Move, moveAlong } from './move.ts';
import { joinPlans } from './plan.ts';
import { recordedPlan } from './planning.ts';
import { hasEnded, isUnchanged } from './preconditions.ts';
import type { DeployRun } from './run.ts';
import type { LeasedTarget, SeenTarget } from './target-run.ts';
import { ended, followAll, goBack, judgeAndDecide, orLost } from './transact.ts';

/**
 * An earlier run has begun just what this one is to do, and was lost: its transaction is followed and judged as if it were our
 * own. `undefined` if there is nothing of the kind everywhere, or if it does not come to its last step: then all of it goes
 * back, and this run goes its own way.
 */
export async function resume(
  run: DeployRun,
  leased: readonly LeasedTarget[],
  all: readonly SeenTarget[],
): Promise<DeployResult | undefined> {
  const open = leased.filter((target) => !isUnchanged(run, target));
  const moves = open.flatMap((target) => moveOf(run, target) ?? []);
  if (moves.length === 0 || moves.length < open.length) return undefined;
  run.reporter.say('notice', 'An earlier run of this commit has begun what is to be done; this one goes on with it.');
  const plan = planOf(all, moves);
  run.showPlan(plan);
  run.onBegin();
  const begun = moves.map((move) => ({ move, state: 'staged', log: '' }) as const);
  const whole = { run, all, plan };
  return orLost(whole, begun, async () => {
    const applied = await run.timed('apply', () => followAll(run, begun));
    if (applied.every(({ state }) => state === 'awaiting')) return judgeAndDecide(whole, applied);
    const settled = await goBack(run, applied);
    return settled.some(({ state }) => state === 'lost') ? ended(whole, settled) : undefined;
  });
}

/** What was begun for other files is not what this run would do, and a plan that was reviewed is nobody else's. */
function moveOf(run: DeployRun, target: LeasedTarget): Move | undefined {
  const { candidate, transaction } = target.seen.recorded;
  if (!candidate || !transaction || hasEnded(transaction)) return undefined;
  const { commit, inputsDigest } = candidate.release;
  if (commit !== run.commit || inputsDigest !== target.declared.inputsDigest || run.planHash !== '') return undefined;
  return moveAlong(target, transaction.id, candidate);
}

function planOf(all: readonly SeenTarget[], moves: readonly Move[]): Plan {
  return joinPlans(
    all.map((target) => {
      const move = moves.find(({ scope }) => scope === target.scope);
      return [target.scope.target.name, move?.plan ?? recordedPlan(target)] as const;
    }),
  );
}
