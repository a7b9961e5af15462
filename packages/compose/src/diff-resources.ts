import { type Change, canonical, type Desired, type DesiredNetwork, type DesiredVolume, type Live } from '@gitops/core';
import { fieldDifferences } from './fields.ts';

/** Networks of the project; external ones belong to somebody else. */
export function diffNetworks(desired: Desired, recorded: Desired | undefined, live: Live): readonly Change[] {
  const wanted = desired.networks.filter(({ external }) => !external);
  const names = new Set(wanted.map(({ name }) => name));
  const strays = live.networks.filter(({ name }) => !names.has(name));
  return [
    ...wanted.map((network) => diffNetwork(desired.project, network, recorded, live)),
    ...strays.map(({ name, foreign }) => removal(desired.project, name, foreign)),
  ];
}

function diffNetwork(project: string, network: DesiredNetwork, recorded: Desired | undefined, live: Live): Change {
  const address = `compose:${project}/network/${network.key}`;
  const base = { address, kind: 'network', name: network.name, fields: [], risk: 'none' } as const;
  const present = live.networks.find(({ name }) => name === network.name);
  if (!present) return { ...base, action: 'create', cause: 'new network' };
  const before = recorded?.networks.find(({ name }) => name === network.name);
  if (!before || canonical(before.definition) === canonical(network.definition)) {
    return { ...base, action: 'none', cause: 'as recorded' };
  }
  const fields = fieldDifferences(before.definition, network.definition);
  if (present.foreign.length === 0)
    return { ...base, action: 'recreate', cause: 'its configuration changed', fields, risk: 'interrupts' };
  // Compose would stop the whole project, fail on the attached container, and not find its way back.
  const cause = `its configuration changed while containers of others are attached: ${present.foreign.join(', ')}; make it external`;
  return { ...base, action: 'recreate', cause, fields, risk: 'blocked' };
}

function removal(project: string, name: string, foreign: readonly string[]): Change {
  const address = `compose:${project}/network/${name}`;
  const base = { address, kind: 'network', name, fields: [], risk: 'none' } as const;
  return foreign.length === 0
    ? { ...base, action: 'delete', cause: 'no longer in the Compose file' }
    : { ...base, action: 'none', cause: `kept: containers of others are attached: ${foreign.join(', ')}` };
}

/** Volumes are made, never changed or removed. */
export function diffVolumes(desired: Desired, live: Live): readonly Change[] {
  const wanted = desired.volumes.filter(({ external }) => !external);
  const names = new Set(wanted.map(({ name }) => name));
  const kept = live.volumes.filter(({ name }) => !names.has(name));
  return [
    ...wanted.map((volume) => diffVolume(desired.project, volume, live)),
    ...kept.map(({ name }) => keep(desired.project, name)),
  ];
}

function diffVolume(project: string, volume: DesiredVolume, live: Live): Change {
  const address = `compose:${project}/volume/${volume.key}`;
  const base = { address, kind: 'volume', name: volume.name, fields: [], risk: 'none' } as const;
  const present = live.volumes.find(({ name }) => name === volume.name);
  if (!present) return { ...base, action: 'create', cause: 'new volume' };
  const same = present.driver === volume.driver && canonical(present.driverOptions) === canonical(volume.driverOptions);
  if (same) return { ...base, action: 'none', cause: 'as recorded' };
  const cause = 'its driver or its options changed, and only recreating it, which loses its data, would apply that';
  return { ...base, action: 'recreate', cause, risk: 'blocked' };
}

function keep(project: string, name: string): Change {
  const cause = 'kept: volumes are never deleted';
  return {
    address: `compose:${project}/volume/${name}`,
    kind: 'volume',
    name,
    action: 'none',
    cause,
    fields: [],
    risk: 'none',
  };
}
