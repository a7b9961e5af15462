import { publicDigest } from './canonical.ts';
import type { Change, Environment, Live, Plan } from './model.ts';

export interface PlanInput {
  readonly environment: Environment;
  readonly desiredDigest: string;
  readonly changes: readonly Change[];
  readonly live: Live;
  readonly hmacKey: string | undefined;
  readonly warnings: readonly string[];
}

/** The plan, with a hash over what it would make and what it starts from, never over commit ids. */
export function makePlan(input: PlanInput): Plan {
  const { repositoryName, name, stack } = input.environment;
  const scope = { repositoryName, name, stack: stack.name };
  const hash = publicDigest(
    { scope, desired: input.desiredDigest, changes: deeds(input.changes), from: preconditions(input.live) },
    input.hmacKey,
  ).slice(0, 32);
  return { changes: input.changes, hash, warnings: input.warnings };
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
      .map(({ service, configHash, imageId, state }) => [service, configHash, imageId, state === 'running'].join(' '))
      .sort(),
    networks: live.networks.map(({ name }) => name).sort(),
    volumes: live.volumes.map(({ name }) => name).sort(),
    damaged: [...live.damagedObjects].sort(),
  };
}
