import { RefusedError } from './errors.ts';
import type { Environment, LiveContainer, Plan, Scope } from './model.ts';
import type { DeployRun } from './run.ts';
import { onEach, type SeenTarget } from './target-run.ts';

/**
 * Where stacks run that have no record here, what runs takes the place of a recorded release, so that the plan compares with
 * it and the way back leads to it. Nothing is changed by that; `refuseUnlessAdopting` asks whether it was meant.
 */
export function withAdoptions<Target extends SeenTarget>(
  run: DeployRun,
  targets: readonly Target[],
): Promise<readonly Target[]> {
  return onEach(run, targets, async (target) => {
    const stacks = strangersOn(target);
    if (stacks.length === 0) return target;
    const { seen, session } = target;
    const adoption = await run.timed('adopt', () => session.adopt(stacks, seen.recorded.release));
    run.reporter.mask(adoption.secrets);
    return { ...target, adoption, seen: { ...seen, recorded: { ...seen.recorded, release: adoption.release } } };
  });
}

/** Stacks of ours that run already, though nobody deployed them from here. */
function strangersOn({ scope: { environment }, seen: { recorded, live } }: SeenTarget): readonly string[] {
  const known = new Set(recorded.release?.desired.stacks);
  const isStranger = (stack: string) => {
    const containers = live.containers.filter((each) => each.stack === stack && !each.oneOff);
    if (known.has(stack) || containers.length === 0) return false;
    // What a first attempt of ours has left may be deployed over.
    return !(recorded.transaction && containers.every((each) => isOwnedBy(environment, each)));
  };
  return [...new Set(live.containers.map(({ stack }) => stack))].filter(isStranger);
}

/** Who takes it over takes it away from there. */
function otherOwner(environment: Environment, containers: readonly LiveContainer[]): string {
  const other = containers.find((each) => each.owner !== undefined && !isOwnedBy(environment, each))?.owner;
  return other
    ? `deployed by the repository ${other.name} as its environment ${other.environment}, not from here`
    : 'not deployed from here';
}

function isOwnedBy(environment: Environment, { owner }: LiveContainer): boolean {
  return owner?.name === environment.repositoryName && owner.environment === environment.name;
}

/** Throws `RefusedError` with the plan, if something would be taken over that nobody asked to take over. */
export function refuseUnlessAdopting(run: DeployRun, targets: readonly SeenTarget[], plan: Plan): void {
  const found = targets.find(({ adoption }) => adoption !== undefined);
  if (found && !run.adopt) throw notAdopted(found.scope, found, plan);
}

function notAdopted(
  { environment, target }: Scope,
  { seen: { live }, adoption }: SeenTarget,
  plan: Plan,
): RefusedError {
  const deployed = new Set(adoption?.before?.desired.stacks);
  const containers = live.containers.filter(({ stack }) => !deployed.has(stack));
  const stacks = [...new Set(containers.map(({ stack }) => stack))].join(', ');
  const whose = containers.every((each) => isOwnedBy(environment, each))
    ? `was deployed from here, but ${target.stateDir} on the host has no record of it`
    : `was ${otherOwner(environment, containers)}`;
  const facts = {
    attempted: `deploy ${stacks} to ${target.host}`,
    seen: `a project of that name runs already and ${whose}: ${containers.map((each) => each.name).join(', ')}`,
    remedy:
      'read the plan of what would change; deploy with `adopt: true` (`--adopt`) to take it over (what runs is kept as a release and its data stays), or give the stack another `name`',
  };
  return new RefusedError('not-adopted', facts, { plan });
}
