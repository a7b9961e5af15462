import {
  type Change,
  canonical,
  type Desired,
  type DesiredNetwork,
  type DesiredVolume,
  type Live,
  type LiveNetwork,
} from '@gitops/core';
import { attachedTo, holdersOf } from './attached.ts';
import { type ComposeRelease, RECREATES_NETWORKS } from './compose-release.ts';
import { fieldDifferences } from './fields.ts';

/** Networks of the project; external ones belong to somebody else. */
export function diffNetworks(
  desired: Desired,
  recorded: Desired | undefined,
  live: Live,
  compose: ComposeRelease,
): readonly Change[] {
  const wanted = desired.networks.filter(({ external }) => !external);
  const names = new Set(wanted.map(({ name }) => name));
  const strays = live.networks.filter((each) => !names.has(each.name) || isOfGoneStack(each, desired));
  return [
    ...wanted.map((network) => diffNetwork(network, desired, recorded, live, compose)),
    ...strays.map((stray) => removal(desired, stray, live)),
  ];
}

/** Compose would take it for its own, but it would go on under the name of a stack that nobody looks after any more. */
function isOfGoneStack({ stack }: LiveNetwork, { stacks }: Desired): boolean {
  return !stacks.includes(stack);
}

function diffNetwork(
  network: DesiredNetwork,
  desired: Desired,
  recorded: Desired | undefined,
  live: Live,
  compose: ComposeRelease,
): Change {
  const base = resource('network', network.stack, network.key, network.name);
  const present = live.networks.find(({ name }) => name === network.name);
  if (!present) return { ...base, action: 'create', cause: 'new network' };
  if (isOfGoneStack(present, desired)) return moved(base, present, holdersOf(present, desired, live));
  const before = recorded?.networks.find(({ name }) => name === network.name);
  if (!before || canonical(before.definition) === canonical(network.definition)) {
    return { ...base, action: 'none', cause: 'as recorded' };
  }
  const fields = fieldDifferences(before.definition, network.definition);
  const cause = 'its configuration changed';
  const obstacle = obstacleTo(holdersOf(present, desired, live), compose);
  if (!obstacle) return { ...base, action: 'recreate', cause, fields, risk: 'interrupts' };
  return { ...base, action: 'recreate', cause: `${cause}${obstacle}`, fields, risk: 'blocked' };
}

/** Why a network can't be made again, if it can't. */
function obstacleTo(
  holders: string | undefined,
  { version, keepsChangedNetworks }: ComposeRelease,
): string | undefined {
  // Compose would stop the whole project, fail on the attached container, and not find its way back.
  if (holders !== undefined) return ` while ${holders}`;
  if (!keepsChangedNetworks) return undefined;
  return `, and Compose ${version} would not carry that out; upgrade Compose on the host to ${RECREATES_NETWORKS} or newer, or give the network another name`;
}

/** The network of a stack that goes is removed, and made again for the one that has its name now. */
function moved(base: ReturnType<typeof resource>, { stack }: LiveNetwork, holders: string | undefined): Change {
  const cause = `it moves here from ${stack}`;
  if (holders === undefined) return { ...base, action: 'create', cause };
  return { ...base, action: 'create', cause: `${cause} while ${holders}`, risk: 'blocked' };
}

function removal(desired: Desired, network: LiveNetwork, live: Live): Change {
  const { stack, name } = network;
  const base = resource('network', stack, name, name);
  const attached = attachedTo(network, desired, live);
  return attached === undefined
    ? { ...base, action: 'delete', cause: goneCause(desired, stack) }
    : { ...base, action: 'none', cause: `kept: ${attached}` };
}

/** Volumes are made, never changed or removed. */
export function diffVolumes(desired: Desired, live: Live): readonly Change[] {
  const wanted = desired.volumes.filter(({ external }) => !external);
  const names = new Set(wanted.map(({ name }) => name));
  const kept = live.volumes.filter(({ name }) => !names.has(name));
  return [...wanted.map((volume) => diffVolume(volume, live)), ...kept.map(({ stack, name }) => keep(stack, name))];
}

function diffVolume(volume: DesiredVolume, live: Live): Change {
  const base = resource('volume', volume.stack, volume.key, volume.name);
  const present = live.volumes.find(({ name }) => name === volume.name);
  if (!present) return { ...base, action: 'create', cause: 'new volume' };
  const same = present.driver === volume.driver && canonical(present.driverOptions) === canonical(volume.driverOptions);
  if (same) return { ...base, action: 'none', cause: 'as recorded' };
  const cause = 'its driver or its options changed, and only recreating it, which loses its data, would apply that';
  return { ...base, action: 'recreate', cause, risk: 'blocked' };
}

function keep(stack: string, name: string): Change {
  return { ...resource('volume', stack, name, name), action: 'none', cause: 'kept: volumes are never deleted' };
}

/** What every change of a network or a volume says. Their names are unique on a host. */
function resource(kind: 'network' | 'volume', stack: string, key: string, name: string) {
  const address = `compose:${stack}/${kind}/${key}`;
  return { address, stack, subject: name, kind, name, fields: [], risk: 'none' } as const;
}

/** Why something goes. */
export function goneCause({ stacks }: Desired, stack: string): string {
  return stacks.includes(stack) ? 'no longer in the Compose file' : 'its stack is no longer in environment.yml';
}
