import { canonical } from './canonical.ts';
import type { Desired, Release } from './model.ts';
import type { Declared } from './ports.ts';
import type { DeployRun } from './run.ts';
import { keyOf } from './service-name.ts';
import { shortCommit } from './short-commit.ts';
import type { PlannedTarget, SeenTarget } from './target-run.ts';

/** A heal activates the current release again and keeps its number; everything else is a new one. */
export function releaseFor(run: DeployRun, target: PlannedTarget, number: number): Release {
  const { release } = target.seen.recorded;
  const isHeal = release?.desiredDigest === target.prepared.digest && samePins(release.desired, target.desired);
  return isHeal && release ? release : candidate(run, target, number);
}

/** One number for all targets of a run, higher than that of any release on any of them. */
export function nextNumber(targets: readonly SeenTarget[]): number {
  return 1 + Math.max(0, ...targets.map(({ seen }) => seen.recorded.release?.number ?? 0));
}

function samePins(recorded: Desired, desired: Desired): boolean {
  const pins = ({ services }: Desired) => services.map((each) => [keyOf(each), each.configHash, each.imageId]);
  return canonical(pins(recorded)) === canonical(pins(desired));
}

/** Whether something that goes to the host, or the environment's own file, is in no commit. */
export function isDirty({ view, environment }: DeployRun, { upload }: Declared): boolean {
  const folder = `environments/${environment.name}/`;
  const paths = new Set(upload.map(({ path }) => path));
  return view.uncommitted.some((path) => paths.has(path) || path.startsWith(folder));
}

/** The release that a transaction makes if it is confirmed. */
function candidate(run: DeployRun, { prepared, desired, declared }: PlannedTarget, number: number): Release {
  return {
    name: `${number}-${shortCommit(run.commit)}`,
    number,
    commit: run.commit,
    ...(isDirty(run, declared) && { dirty: true }),
    ...(run.environment.approvals && { approvals: run.environment.approvals }),
    ancestors: run.view.ancestors,
    inputsDigest: declared.inputsDigest,
    createdAt: run.clock.today().toISOString(),
    actor: run.actor,
    composeVersion: prepared.composeVersion,
    engineVersion: prepared.engineVersion,
    verdict: 'unknown',
    health: run.environment.health,
    desired,
    desiredDigest: prepared.digest,
  };
}
