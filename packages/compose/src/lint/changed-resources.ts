import { canonical, type Finding } from '@gitops/core';
import type { ComposeProject, NetworkModel, VolumeModel } from '../check/index.ts';
import { nameOf } from './fixed-names.ts';
import { found } from './found.ts';

/** Networks and volumes that are configured otherwise under the same name: Docker cannot change one that exists. */
export function changedResourceFindings(before: ComposeProject, after: ComposeProject): readonly Finding[] {
  const volumes = pairs(before, after, before.model.volumes, after.model.volumes);
  const networks = pairs(before, after, before.model.networks, after.model.networks);
  return [
    ...volumes.flatMap(({ was, now, key }) => (isSameVolume(was, now) ? [] : [changedVolume(after, key)])),
    ...networks.flatMap(({ was, now, key }) => (isSameNetwork(was, now) ? [] : [changedNetwork(after, key)])),
  ];
}

interface Pair<Resource> {
  readonly key: string;
  readonly was: Resource;
  readonly now: Resource;
}

/** What the project makes itself, before and after, by its name on the host. */
function pairs<Resource extends NetworkModel | VolumeModel>(
  before: ComposeProject,
  after: ComposeProject,
  former: Readonly<Record<string, Resource>> = {},
  present: Readonly<Record<string, Resource>> = {},
): readonly Pair<Resource>[] {
  const own = Object.entries(former).filter(([, resource]) => resource?.external !== true);
  const byName = new Map(own.map(([key, resource]) => [nameOf(before, key, resource), resource]));
  return Object.entries(present).flatMap(([key, now]) => {
    const was = byName.get(nameOf(after, key, now));
    return was && now?.external !== true ? [{ key, was, now }] : [];
  });
}

function isSameVolume(was: VolumeModel, now: VolumeModel): boolean {
  const told = ({ driver = 'local', driver_opts: options = {} }: VolumeModel) => canonical([driver, options]);
  return told(was) === told(now);
}

function changedVolume(project: ComposeProject, key: string): Finding {
  const message = `the driver or the options of the volume \`${key}\` change, and only making it anew, without its data, would apply that: a deployment refuses it`;
  const remedy = 'undo it, or give the changed volume another `name:` and copy the data there';
  return found('compose/volume-changed', project, ['volumes', key], message, remedy);
}

function isSameNetwork(was: NetworkModel, now: NetworkModel): boolean {
  return canonical(was) === canonical(now);
}

function changedNetwork(project: ComposeProject, key: string): Finding {
  const message = `the configuration of the network \`${key}\` changes: all that is in it stops meanwhile, and the deployment is refused while a container of another project is in it`;
  const remedy = 'give the changed network another `name:`, or take the others out of it first';
  return found('compose/network-changed', project, ['networks', key], message, remedy);
}
