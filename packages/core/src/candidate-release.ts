import { canonical } from './canonical.ts';
import type { Desired, Release } from './model.ts';
import type { TransactInput } from './transact.ts';

/** A heal activates the current release again and keeps its number; everything else is a new one. */
export function releaseFor(input: TransactInput): Release {
  const { recorded } = input.seen;
  const isHeal =
    recorded.release?.desiredDigest === input.prepared.digest && samePins(recorded.release.desired, input.desired);
  return isHeal && recorded.release ? recorded.release : candidate(input);
}

function samePins(recorded: Desired, desired: Desired): boolean {
  const pins = ({ services }: Desired) => services.map(({ name, configHash, imageId }) => [name, configHash, imageId]);
  return canonical(pins(recorded)) === canonical(pins(desired));
}

/** The release that a transaction makes if it is confirmed. */
export function candidate({ run, prepared, desired, seen, declared }: TransactInput): Release {
  const number = (seen.recorded.release?.number ?? 0) + 1;
  return {
    name: `${number}-${run.commit.slice(0, 7)}`,
    number,
    commit: run.commit,
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
