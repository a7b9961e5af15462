import {
  type Change,
  canonical,
  type Desired,
  type DesiredNetwork,
  type DesiredVolume,
  type Live,
  type LiveNetwork,
} from '@gitops/core';
import { attachedTo, type Holders, holdersOf, stoppedAlong } from './attached.ts';
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
    ...strays.map((stray) => removal(desired, recorded, stray, live)),
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
  const before = recorded?.networks.find(({ name }) => name === network.name);
  const fields = before ? fieldDifferences(before.definition, network.definition) : [];
  if (!present) return { ...base, action: 'create', cause: before ? GONE : 'new network', fields };
  if (isOfGoneStack(present, desired)) return moved(base, present, holdersOf(present, desired, live));
  if (!before || canonical(before.definition) === canonical(network.definition)) {
    return { ...base, action: 'none', cause: 'as recorded' };
  }
  const obstacle = obstacleTo(holdersOf(present, desired, live), compose);
  if (obstacle) return { ...base, action: 'recreate', fields, ...obstacle };
  const warnings = stoppedAlong(present, live);
  const change = { ...base, action: 'recreate', cause: CHANGED, fields, risk: 'interrupts' } as const;
  return warnings.length === 0 ? change : { ...change, warnings };
}

const GONE = 'it is gone from the host';
const CHANGED = 'its configuration changed';

/** Why a network can't be made again, if it can't. */
function obstacleTo(
  holders: Holders | undefined,
  { version, keepsChangedNetworks }: ComposeRelease,
): Pick<Change, 'cause' | 'risk' | 'remedy'> | undefined {
  // Compose would stop the whole project, fail on the attached container, and not find its way back.
  if (holders) return { cause: `${CHANGED} while ${holders.attached}`, risk: 'blocked', remedy: holders.remedy };
  if (!keepsChangedNetworks) return undefined;
  const cause = `${CHANGED}, and Compose ${version} would not carry that out`;
  const remedy = `upgrade Compose on the host to ${RECREATES_NETWORKS} or newer, or give the network another name`;
  return { cause, risk: 'blocked', remedy };
}

/** The network of a stack that goes is removed, and made again for the one that has its name now. */
function moved(base: ReturnType<typeof resource>, { stack }: LiveNetwork, holders: Holders | undefined): Change {
  const cause = `it moves here from ${stack}`;
  if (!holders) return { ...base, action: 'create', cause };
  const { attached, remedy } = holders;
  return { ...base, action: 'create', cause: `${cause} while ${attached}`, risk: 'blocked', remedy };
}

function removal(desired: Desired, recorded: Desired | undefined, network: LiveNetwork, live: Live): Change {
  const { stack, name } = network;
  const base = resource('network', stack, name, name);
  const attached = attachedTo(network, desired, live);
  if (attached !== undefined) return { ...base, action: 'none', cause: `kept: ${attached}` };
  const isKnown = recorded?.networks.some((each) => each.name === name) ?? false;
  return { ...base, action: 'delete', cause: goneCause(desired, stack, isKnown) };
}

/** Volumes are made, never changed or removed. */
export function diffVolumes(desired: Desired, recorded: Desired | undefined, live: Live): readonly Change[] {
  const wanted = desired.volumes.filter(({ external }) => !external);
  const names = new Set(wanted.map(({ name }) => name));
  const kept = live.volumes.filter(({ name }) => !names.has(name));
  return [
    ...wanted.map((volume) => diffVolume(volume, recorded, live)),
    ...kept.map(({ stack, name }) => keep(stack, name)),
  ];
}

function diffVolume(volume: DesiredVolume, recorded: Desired | undefined, live: Live): Change {
  const present = live.volumes.find(({ name }) => name === volume.name);
  const before = recorded?.volumes.find(({ name, external }) => name === volume.name && !external);
  const fields = before ? fieldDifferences(definitionOf(before), definitionOf(volume)) : [];
  const base = { ...resource('volume', volume.stack, volume.key, volume.name), fields };
  if (!present) return { ...base, action: 'create', ...(before ? LOST : { cause: 'new volume' }) };
  const same = present.driver === volume.driver && canonical(present.driverOptions) === canonical(volume.driverOptions);
  if (same) return { ...base, action: 'none', cause: 'as recorded', fields: [] };
  const cause = 'its driver or its options changed, and only recreating it, which loses its data, would apply that';
  return { ...base, action: 'recreate', cause, risk: 'blocked', remedy: KEEP_DATA };
}

/** As a Compose file names it. */
function definitionOf({ driver, driverOptions }: DesiredVolume): Readonly<Record<string, unknown>> {
  return { driver, driver_opts: driverOptions };
}

const KEEP_DATA =
  'undo that part of the change, or give the volume another `name`: that one starts empty, and the old one stays for you to copy from';

const LOST = {
  cause: GONE,
  warnings: ['somebody removed it with what was in it; the new one is empty, so restore a backup'],
};

function keep(stack: string, name: string): Change {
  return { ...resource('volume', stack, name, name), action: 'none', cause: 'kept: volumes are never deleted' };
}

/** What every change of a network or a volume says. Their names are unique on a host. */
function resource(kind: 'network' | 'volume', stack: string, key: string, name: string) {
  const address = `compose:${stack}/${kind}/${key}`;
  return { address, stack, subject: name, kind, name, fields: [], risk: 'none' } as const;
}

/** Why something goes that a deployment made (`isKnown`), or somebody else in the project's name. */
export function goneCause({ stacks }: Desired, stack: string, isKnown: boolean): string {
  if (!stacks.includes(stack)) return 'its stack is no longer in environment.yml';
  return isKnown ? 'no longer in the Compose file' : 'started by hand: the Compose file does not name it';
}
