import { RefusedError } from './errors.ts';
import type { Live, Plan, Scope } from './model.ts';
import { effective } from './plan.ts';
import type { TransactionState, TransactionStatus } from './ports.ts';
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
  return effective(run.provider.diff(release.desired, release.desired, live)).length === 0;
}

/** Throws `RefusedError` if this plan must not be carried out. */
export function refuseUnlessAllowed(run: DeployRun, targets: readonly SeenTarget[], plan: Plan): void {
  for (const { scope, seen } of targets) {
    const foreign = unrecorded(scope, seen);
    if (foreign.length > 0) throw notAdopted(scope, foreign, plan);
  }
  refuseStalePlan(run, plan);
  refuseBlocked(plan);
}

/** Whatever runs under the name of a stack that the current release does not have was not deployed from here. */
function unrecorded({ environment }: Scope, { recorded, live }: SeenTarget['seen']): Live['containers'] {
  const known = recorded.release?.desired.stacks ?? [];
  const found = live.containers.filter(({ stack }) => !known.includes(stack));
  const isOurs = found.every((each) => isOwnedBy(environment, each));
  // What a first attempt of ours has left may be deployed over.
  return isOurs && recorded.transaction ? [] : found;
}

function isOwnedBy(environment: Scope['environment'], { owner }: Live['containers'][number]): boolean {
  return owner?.name === environment.repositoryName && owner.environment === environment.name;
}

/** Without a record there is no way back, whoever started what runs. */
function notAdopted({ environment, stacks, target }: Scope, containers: Live['containers'], plan: Plan): RefusedError {
  const isOurs = containers.every((each) => isOwnedBy(environment, each));
  const whose = isOurs
    ? `was deployed from here, but ${target.stateDir} on the host has no record of it`
    : 'was not deployed from here';
  const facts = {
    attempted: `deploy ${stacks.map(({ name }) => name).join(', ')} to ${target.host}`,
    seen: `a project of that name runs already and ${whose}: ${containers.map((each) => each.name).join(', ')}`,
    remedy: isOurs
      ? 'bring the state folder back, or stop the project with `docker compose down` (volumes are kept) and deploy again'
      : 'give the stack another `name`, or stop that project with `docker compose down` (volumes are kept) and deploy again',
  };
  return new RefusedError('not-adopted', facts, { plan });
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

function refuseBlocked(plan: Plan): void {
  const blocked = plan.changes.filter(({ risk }) => risk === 'blocked');
  if (blocked.length === 0) return;
  const facts = {
    attempted: 'carry out the plan',
    seen: blocked.map(({ address, cause }) => `${address}: ${cause}`).join('; '),
    remedy: 'undo that part of the change, or make it by hand on the host after a backup',
  };
  throw new RefusedError('policy', facts, { plan });
}
