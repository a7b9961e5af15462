import type { Plan } from './model.ts';
import { effective, joinPlans, makePlan } from './plan.ts';
import { failForObstacles } from './preconditions.ts';
import type { DeployRun } from './run.ts';
import type { LeasedTarget, PlannedTarget, SeenTarget } from './target-run.ts';

/** The plan of a target that has nothing to do. */
export function recordedPlan({ scope, seen: { recorded, live } }: SeenTarget): Plan {
  const { release, hmacKey } = recorded;
  return makePlan({ scope, desiredDigest: release?.desiredDigest ?? '', changes: [], live, hmacKey, warnings: [] });
}

/** What is planned for the stale targets, beside those that stay as they are. */
export async function wholePlan<Target extends SeenTarget>(
  all: readonly SeenTarget[],
  stale: readonly Target[],
  planOf: (target: Target) => Promise<Plan>,
): Promise<Plan> {
  const plans = await Promise.all(
    all.map(async (target) => {
      const planned = stale.find((each) => each.scope === target.scope);
      return [target.scope.target.name, planned ? await planOf(planned) : recordedPlan(target)] as const;
    }),
  );
  return joinPlans(plans);
}

/** A target whose stacks its host has rendered. */
export type PreparedTarget = SeenTarget & Pick<PlannedTarget, 'prepared'>;

/** Uploads and renders; nothing that is secret is shown from here on. */
export async function prepare(run: DeployRun, target: SeenTarget): Promise<PlannedTarget['prepared']> {
  const { session, declared, lease, seen } = target;
  const recorded = seen.recorded.release?.desired;
  const prepared = await run.timed('prepare', () => session.prepare(declared, lease, recorded));
  run.reporter.mask(prepared.secrets);
  return prepared;
}

/** The plan with the images that the host has now. */
export async function preview(run: DeployRun, target: PreparedTarget): Promise<Plan> {
  const desired = await target.prepared.preview(target.seen.recorded.release?.desired);
  failForObstacles(run, target, desired);
  return planFor(run, target, desired);
}

/** The plan with every image pulled. */
export async function pin(run: DeployRun, target: LeasedTarget & PreparedTarget): Promise<PlannedTarget> {
  const prefix = run.many ? `${target.scope.target.name}: ` : '';
  const tell = (line: string) => run.reporter.say('info', `${prefix}${line}`);
  const desired = await target.prepared.pin(target.seen.recorded.release?.desired, tell);
  failForObstacles(run, target, desired);
  return { ...target, desired, plan: planFor(run, target, desired) };
}

function planFor(
  run: DeployRun,
  { scope, prepared, adoption, seen: { recorded, live } }: PreparedTarget,
  desired: PlannedTarget['desired'],
): Plan {
  const changes = run.provider.diff(desired, recorded.release?.desired, live, prepared.composeVersion);
  const { hmacKey } = recorded;
  const warnings = [...(adoption?.warnings ?? []), ...prepared.warnings];
  return makePlan({ scope, desiredDigest: prepared.digest, changes, live, hmacKey, warnings });
}

/** Nothing is to be done there, and nothing to be recorded but the commit. */
export function isSameContent({ seen: { recorded }, prepared, plan }: PlannedTarget): boolean {
  return effective(plan.changes).length === 0 && recorded.release?.desiredDigest === prepared.digest;
}
