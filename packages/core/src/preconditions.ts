import { refuseUnlessAdopting } from './adopt.ts';
import type { Seen } from './deploy-result.ts';
import { GitopsError, RefusedError } from './errors.ts';
import type { Change, Desired, Plan } from './model.ts';
import { effective } from './plan.ts';
import type { Obstacle, Provider, TransactionState, TransactionStatus } from './ports.ts';
import type { DeployRun } from './run.ts';
import type { SeenTarget } from './target-run.ts';

const ENDED: ReadonlySet<TransactionState> = new Set(['confirmed', 'reverted', 'revert-failed']);

/** No transaction of an earlier run is still open. */
export function hasEnded(transaction: TransactionStatus | undefined): boolean {
  return transaction === undefined || ENDED.has(transaction.state);
}

/** Desired = Recorded = Live, proven without asking Compose or a registry. */
export function isUnchanged(run: DeployRun, { declared, seen: { recorded, live }, ...target }: SeenTarget): boolean {
  const { release, lease } = recorded;
  if (!hasEnded(recorded.transaction)) return false;
  if (lease && lease.fence !== target.lease?.fence) return false;
  if (!release) return declared.stacks.length === 0;
  if (recorded.inputsDigest !== declared.inputsDigest) return false;
  if (run.planHash !== '' || release.desired.services.some(({ pullPolicy }) => pullPolicy === 'always')) return false;
  return differing(run.provider, { recorded, live }).length === 0;
}

/** What runs otherwise than it is recorded. */
export function differing(provider: Provider, { recorded, live }: Seen): readonly Change[] {
  const { desired } = recorded.release ?? {};
  return desired ? effective(provider.diff(desired, desired, live)) : [];
}

/** Throws `GitopsError` `host-conflict` for what would fail half-way, as there is only one of it. */
export function failForObstacles(run: DeployRun, { scope, seen }: SeenTarget, desired: Desired): void {
  const found = run.provider.obstacles(desired, seen.live);
  if (found.length === 0) return;
  throw new GitopsError('host-conflict', {
    attempted: `deploy to ${scope.target.host}`,
    seen: found.map(showObstacle).join('; '),
    remedy: obstacleRemedy(found),
  });
}

function showObstacle({ wanted, holder, isOurs }: Obstacle): string {
  return isOurs ? `${wanted} is wanted by ${holder}, too` : `${wanted} is held by the container ${holder}`;
}

function obstacleRemedy(found: readonly Obstacle[]): string {
  if (found.every(({ isOurs }) => isOurs)) return 'use another port or name for one of them';
  const [stack] = found.flatMap((each) => (each.stack === '' ? [] : [each.stack]));
  const takeOver = `; to take the project ${stack} over, name the stack ${stack} and deploy with \`adopt: true\` (\`--adopt\`)`;
  return `stop that container, or use another port or name${stack === undefined ? '' : takeOver}`;
}

/** Throws `RefusedError` if this plan must not be carried out. */
export function refuseUnlessAllowed(run: DeployRun, targets: readonly SeenTarget[], plan: Plan): void {
  refuseUnlessAdopting(run, targets, plan);
  refuseStalePlan(run, plan);
  refuseBlocked(plan);
  refuseMovedData(targets, plan);
}

/** Data does not follow a stack to another host: it would start empty there, and nobody would notice before it is too late. */
function refuseMovedData(targets: readonly SeenTarget[], plan: Plan): void {
  const moved = targets.flatMap((from) =>
    leavingWithData(from).flatMap((stack) =>
      targets
        .filter((to) => arrivesOn(to, stack))
        .map((to) => ({ stack, from: from.scope.target, to: to.scope.target })),
    ),
  );
  if (moved.length === 0) return;
  const facts = {
    attempted: 'carry out the plan',
    seen: moved
      .map(
        ({ stack, from, to }) =>
          `the stack ${stack} moves from ${from.name} to ${to.name}, and its data stays on ${from.host}`,
      )
      .join('; '),
    remedy:
      'take the stack out of environment.yml and deploy (volumes are kept), copy its data to the other host, then add it there',
  };
  throw new RefusedError('policy', facts, { plan });
}

function leavingWithData({ declared, seen }: SeenTarget): readonly string[] {
  const { stacks = [], volumes = [], data = [] } = seen.recorded.release?.desired ?? {};
  const keepsData = (stack: string) =>
    volumes.some((each) => each.stack === stack && !each.external) || data.some((each) => each.stack === stack);
  return stacks.filter((stack) => !declared.stacks.some(({ name }) => name === stack) && keepsData(stack));
}

function arrivesOn({ declared, seen }: SeenTarget, stack: string): boolean {
  const isKnown = seen.recorded.release?.desired.stacks.includes(stack) ?? false;
  return !isKnown && declared.stacks.some(({ name }) => name === stack);
}

function refuseStalePlan(run: DeployRun, plan: Plan): void {
  if (run.planHash === '' || run.planHash === plan.hash) return;
  const facts = {
    attempted: `apply the plan ${run.planHash}`,
    seen: `the plan is ${plan.hash} now: the commit or the host has changed since`,
    remedy: 'make a new plan, review it, and deploy with its hash',
  };
  throw new RefusedError('stale-plan', facts, { plan });
}

const UNDO = 'undo that part of the change, or make it by hand on the host after a backup';

function refuseBlocked(plan: Plan): void {
  const blocked = plan.changes.filter(({ risk }) => risk === 'blocked');
  if (blocked.length === 0) return;
  const facts = {
    attempted: 'carry out the plan',
    seen: blocked.map(({ address, cause }) => `${address}: ${cause}`).join('; '),
    remedy: [...new Set(blocked.map(({ remedy = UNDO }) => remedy))].join('; '),
  };
  throw new RefusedError('policy', facts, { plan });
}
