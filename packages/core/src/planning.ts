import { withImageFacts } from './image-facts.ts';
import type { Change, Desired, Plan } from './model.ts';
import { withOrigins } from './origins.ts';
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
  return planFor(run, target, desired, alwaysPulled(desired));
}

/** Nothing is pulled for a plan. */
function alwaysPulled({ services }: Desired): readonly string[] {
  const pulled = services.filter(({ pullPolicy, replicas }) => pullPolicy === 'always' && replicas > 0);
  return [...new Set(pulled.map(({ image }) => image))].map(
    (image) =>
      `${image} is pulled again on each deployment (\`pull_policy: always\`): if its tag has moved by then, the plan is another one`,
  );
}

/** The plan with every image pulled. */
export async function pin(run: DeployRun, target: LeasedTarget & PreparedTarget): Promise<PlannedTarget> {
  const prefix = run.many ? `${target.scope.target.name}: ` : '';
  const tell = (line: string) => run.reporter.say('info', `${prefix}${line}`);
  const desired = await target.prepared.pin(target.seen.recorded.release?.desired, tell);
  failForObstacles(run, target, desired);
  return { ...target, desired, plan: planFor(run, target, desired) };
}

function planFor(run: DeployRun, target: PreparedTarget, desired: Desired, notes: readonly string[] = []): Plan {
  const { scope, prepared, adoption, seen } = target;
  const { hmacKey, release } = seen.recorded;
  const changes = compared(run, target, desired, release?.desired);
  const warnings = [...(adoption?.warnings ?? []), ...prepared.warnings, ...notes];
  return makePlan({
    scope,
    desiredDigest: prepared.digest,
    changes: withOrigins(changes, driftOn(run, target)),
    live: seen.live,
    hmacKey,
    warnings,
  });
}

/** What has been changed there since the last deployment; of what was never deployed from here nobody can say. */
function driftOn(run: DeployRun, target: PreparedTarget): readonly Change[] {
  const { adoption, seen } = target;
  const known = (adoption ? adoption.before : seen.recorded.release)?.desired;
  return known ? compared(run, target, known, known).filter(({ stack }) => known.stacks.includes(stack)) : [];
}

function compared(
  { provider }: DeployRun,
  { prepared, seen: { live } }: PreparedTarget,
  desired: Desired,
  recorded: Desired | undefined,
): readonly Change[] {
  const changes = provider.diff(desired, recorded, live, prepared.composeVersion);
  return withImageFacts(changes, desired, recorded, prepared);
}

/** Nothing is to be done there, and nothing to be recorded but the commit. */
export function isSameContent({ seen: { recorded }, prepared, plan }: PlannedTarget): boolean {
  return effective(plan.changes).length === 0 && recorded.release?.desiredDigest === prepared.digest;
}
