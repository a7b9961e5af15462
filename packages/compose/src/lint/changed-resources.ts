import { canonical, type Finding } from '@gitops/core';
import type { ComposeProject } from '../check/index.ts';
import { UNKNOWN_VALUE } from '../load/interpolation.ts';
import { found } from './found.ts';
import { type Resource, type ResourceKind, usedResources } from './resources.ts';

/** Networks and volumes that are configured otherwise under the same name: Docker cannot change one that exists. */
export function changedResourceFindings(before: ComposeProject, after: ComposeProject): readonly Finding[] {
  const volumes = changedKeys(before, after, 'volumes', ({ driver = 'local', driver_opts: options = {} }) =>
    canonical([driver, options]),
  );
  const networks = changedKeys(before, after, 'networks', canonical);
  return [...volumes.map((key) => changedVolume(after, key)), ...networks.map((key) => changedNetwork(after, key))];
}

/** Keys of what the project makes itself, before and after under one name of the host, with other words. */
function changedKeys(
  before: ComposeProject,
  after: ComposeProject,
  kind: ResourceKind,
  told: (model: Resource['model']) => string,
): readonly string[] {
  const former = Map.groupBy(own(before, kind), ({ name }) => name);
  return own(after, kind).flatMap(({ key, name, model }) => {
    const [now, known] = [told(model), former.get(name)?.map((was) => told(was.model))];
    const isUnclear = [now, ...(known ?? [])].some((text) => text.includes(UNKNOWN_VALUE));
    return !known || isUnclear || known.includes(now) ? [] : [key];
  });
}

function own(project: ComposeProject, kind: ResourceKind): readonly Resource[] {
  return usedResources(project, kind).filter(({ external }) => !external);
}

function changedVolume(project: ComposeProject, key: string): Finding {
  const message = `the driver or the options of the volume \`${key}\` change, and only making it anew, without its data, would apply that: a deployment refuses it`;
  const remedy = 'undo it, or give the changed volume another `name:` and copy the data there';
  return found('compose/volume-changed', project, ['volumes', key], message, remedy);
}

function changedNetwork(project: ComposeProject, key: string): Finding {
  const message = `the configuration of the network \`${key}\` changes: all that is in it stops meanwhile, and the deployment is refused while a container of another project is in it`;
  const remedy = 'give the changed network another `name:`, or take the others out of it first';
  return found('compose/network-changed', project, ['networks', key], message, remedy);
}
