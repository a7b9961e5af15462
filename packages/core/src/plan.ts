import { digest, publicDigest } from './canonical.ts';
import type { Change, Live, Plan, Scope } from './model.ts';

export interface PlanInput {
  readonly scope: Scope;
  readonly desiredDigest: string;
  readonly changes: readonly Change[];
  readonly live: Live;
  readonly hmacKey: string | undefined;
  readonly warnings: readonly string[];
}

/** The plan, with a hash over what it would make and what it starts from, never over commit ids. */
export function makePlan(input: PlanInput): Plan {
  const { environment, stacks } = input.scope;
  const scope = {
    repositoryName: environment.repositoryName,
    name: environment.name,
    stacks: stacks.map(({ name }) => name),
  };
  const hash = publicDigest(
    { scope, desired: input.desiredDigest, changes: deeds(input.changes), from: preconditions(input.live) },
    input.hmacKey,
  ).slice(0, 32);
  return { changes: input.changes, hash, warnings: input.warnings };
}

/** The plans of all targets as one, by name of the target. The plan of a lone one is its own. */
export function joinPlans(plans: readonly (readonly [target: string, plan: Plan])[]): Plan {
  const [[, only] = []] = plans;
  if (only && plans.length === 1) return only;
  return {
    changes: plans.flatMap(([target, { changes }]) =>
      changes.map((change) => ({ ...change, target, subject: `${target}: ${change.subject}` })),
    ),
    hash: digest(plans.map(([target, { hash }]) => [target, hash])).slice(0, 32),
    warnings: plans.flatMap(([target, { warnings }]) => warnings.map((warning) => `${target}: ${warning}`)),
  };
}

/** Changes that do something. */
export function effective(changes: readonly Change[]): readonly Change[] {
  return changes.filter((change) => change.action !== 'none');
}

function deeds(changes: readonly Change[]): readonly string[] {
  return effective(changes)
    .map(({ address, action }) => `${action} ${address}`)
    .sort();
}

function preconditions(live: Live): unknown {
  return {
    containers: live.containers
      .map(({ stack, service, configHash, imageId, state }) =>
        [stack, service, configHash, imageId, state === 'running'].join(' '),
      )
      .sort(),
    networks: live.networks.map(({ name }) => name).sort(),
    volumes: live.volumes.map(({ name }) => name).sort(),
    damaged: [...live.damagedObjects].sort(),
  };
}
