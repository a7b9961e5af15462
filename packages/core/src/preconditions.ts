import type { Seen } from './deploy-result.ts';
import { RefusedError } from './errors.ts';
import type { Environment, Live, Plan } from './model.ts';
import { effective } from './plan.ts';
import type { Declared, TransactionState, TransactionStatus } from './ports.ts';
import type { DeployRun } from './run.ts';

const ENDED: ReadonlySet<TransactionState> = new Set(['confirmed', 'reverted', 'revert-failed']);

/** No transaction of an earlier run is still open. */
export function hasEnded(transaction: TransactionStatus | undefined): boolean {
  return transaction === undefined || ENDED.has(transaction.state);
}

/** Desired = Recorded = Live, proven without asking Compose or a registry. */
export function isUnchanged(run: DeployRun, { recorded, live }: Seen, declared: Declared): boolean {
  const { release, lease } = recorded;
  if (!release || recorded.inputsDigest !== declared.inputsDigest || !hasEnded(recorded.transaction)) return false;
  if (lease && lease.fence !== run.ownFence()) return false;
  if (run.planHash !== '' || release.desired.services.some(({ pullPolicy }) => pullPolicy === 'always')) return false;
  return effective(run.provider.diff(release.desired, release.desired, live)).length === 0;
}

/** Throws `RefusedError` if this plan must not be carried out. */
export function refuseUnlessAllowed(run: DeployRun, seen: Seen, plan: Plan): void {
  refuseForeignProject(run, seen);
  refuseStalePlan(run, plan);
  refuseBlocked(plan);
}

function refuseForeignProject({ environment }: DeployRun, { recorded, live }: Seen): void {
  if (recorded.release) {
    refuseRenamed(recorded.release.desired.project, environment.stack.name);
    return;
  }
  const isOurs = live.containers.every(
    ({ owner }) => owner?.name === environment.repositoryName && owner.environment === environment.name,
  );
  // What a first attempt of ours has left may be deployed over.
  if (isOurs && recorded.transaction) return;
  if (live.containers.length > 0) throw notAdopted(environment, live, isOurs);
}

/** The old project would run on with nobody to look after it, and the new name may be somebody else's. */
function refuseRenamed(was: string, is: string): void {
  if (was === is) return;
  throw new RefusedError('not-adopted', {
    attempted: `deploy the project ${is}`,
    seen: `this environment runs the project ${was}, and moving to another name is not supported yet`,
    remedy: `name the stack ${was} again, or give the new project an environment of its own`,
  });
}

/** Without a record there is no way back, whoever started what runs. */
function notAdopted({ stack, target }: Environment, { containers }: Live, isOurs: boolean): RefusedError {
  const whose = isOurs
    ? `was deployed from here, but ${target.stateDir} on the host has no record of it`
    : 'was not deployed from here';
  return new RefusedError('not-adopted', {
    attempted: `deploy the project ${stack.name}`,
    seen: `a project of that name runs already and ${whose}: ${containers.map((each) => each.name).join(', ')}`,
    remedy: isOurs
      ? 'bring the state folder back, or stop the project with `docker compose down` (volumes are kept) and deploy again'
      : 'give the stack another `name`, or stop that project with `docker compose down` (volumes are kept) and deploy again',
  });
}

function refuseStalePlan(run: DeployRun, plan: Plan): void {
  if (run.planHash === '' || run.planHash === plan.hash) return;
  throw new RefusedError('stale-plan', {
    attempted: `apply the plan ${run.planHash}`,
    seen: `the plan is ${plan.hash} now: the commit or the host has changed since`,
    remedy: 'make a new plan, review it, and deploy with its hash',
  });
}

function refuseBlocked(plan: Plan): void {
  const blocked = plan.changes.filter(({ risk }) => risk === 'blocked');
  if (blocked.length === 0) return;
  throw new RefusedError('policy', {
    attempted: 'carry out the plan',
    seen: blocked.map(({ address, cause }) => `${address}: ${cause}`).join('; '),
    remedy: 'undo that part of the change, or make it by hand on the host after a backup',
  });
}
