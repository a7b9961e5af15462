import { canonical } from '@gitops/core';
import type { RenderedService } from '../rendered.ts';
import { composeLabel } from './compose-labels.ts';
import { type ContainerNames, containerNames } from './container-names.ts';
import { type Definition, forCompose } from './definition.ts';
import type { HandMade } from './hand-made.ts';
import { hasAutomaticName, identityFields } from './identity.ts';
import type { InspectedContainer } from './inspected.ts';
import { isolationFields, isSeccompContent } from './isolation.ts';
import { limitFields } from './limits.ts';
import { mountFields, strangeMounts } from './mounts.ts';
import { chosenPorts, links, networkFields } from './networking.ts';
import { processFields } from './process.ts';
import { type ResourceKeys, resourceKeys } from './resource-keys.ts';

/** What all services of a project share when one of them is reconstructed. */
export interface ReconstructContext {
  readonly handMade: HandMade;
  readonly names: ContainerNames;
  readonly networkKeys: ResourceKeys;
  readonly volumeKeys: ResourceKeys;
}

/** A definition made from what Docker says, and what of the container it can't bring back (`field: why`). */
export interface Reconstructed {
  readonly definition: RenderedService;
  readonly warnings: readonly string[];
}

export function reconstructContext(handMade: HandMade): ReconstructContext {
  return {
    handMade,
    names: containerNames(handMade),
    networkKeys: resourceKeys('networks', handMade),
    volumeKeys: resourceKeys('volumes', handMade),
  };
}

/** The service that `docker compose up` has to be given to make these containers. `$` is written `$$`, as Compose reads it. */
export function reconstructService(
  containers: readonly InspectedContainer[],
  context: ReconstructContext,
): Reconstructed {
  const single = containers.length === 1;
  const [first, ...others] = containers.map((container) => definitionOf(container, context, single));
  const unlike = others.some((other) => canonical(other) !== canonical(first));
  const image = imageOf(containers[0], context.handMade);
  const warnings = [
    ...new Set(containers.flatMap((container) => warningsOf(container, context, single))),
    ...(unlike ? ['scale: its containers differ; all come back as the first one is'] : []),
    ...(image
      ? []
      : ['image: Docker does not know it any more, so what it gives can not be told from what was asked for']),
  ];
  return { definition: forCompose({ ...first, ...(single ? {} : { scale: containers.length }) }), warnings };
}

function definitionOf(container: InspectedContainer, context: ReconstructContext, single: boolean): RenderedService {
  const { handMade, names } = context;
  const image = imageOf(container, handMade);
  const dependsOn = dependencies(composeLabel(container.Config.Labels, 'depends_on'), handMade);
  const fields: Definition = {
    ...processFields(container, image?.Config ?? undefined),
    ...identityFields(container, handMade.engine, single),
    ...limitFields(container.HostConfig),
    ...isolationFields(container.HostConfig, handMade.engine, names),
    ...mountFields(container, image, { ...context, single }),
    ...networkFields(container, image, context),
    ...(Object.keys(dependsOn).length > 0 && { depends_on: dependsOn }),
  };
  return { image: container.Config.Image, ...fields };
}

function imageOf(
  container: InspectedContainer | undefined,
  { images }: HandMade,
): HandMade['images'][number] | undefined {
  return images.find(({ Id }) => Id === container?.Image);
}

type Dependencies = NonNullable<RenderedService['depends_on']>;

/** `NAME:CONDITION:RESTART,…`; a service that has no container any more can't be waited for. */
function dependencies(label: string, { services }: HandMade): Dependencies {
  const entries = label.split(',').map((entry) => entry.split(':'));
  return Object.fromEntries(
    entries
      .filter(([name = '']) => services.has(name))
      .map(([name = '', condition = 'service_started', restart]) => [
        name,
        { condition, required: true, ...(restart === 'true' && { restart: true }) },
      ]),
  );
}

function warningsOf(container: InspectedContainer, { names }: ReconstructContext, single: boolean): readonly string[] {
  const { HostConfig } = container;
  const modes = { network_mode: HostConfig.NetworkMode, pid: HostConfig.PidMode, ipc: HostConfig.IpcMode };
  const strangers = Object.entries(modes).filter(([, mode]) => names.shared(mode).startsWith('container:'));
  const found: readonly (string | false)[] = [
    links(container).length > 0 && 'links: they come back as external_links, bound to the names of the containers',
    HostConfig.SecurityOpt.some(isSeccompContent) &&
      'security_opt: the seccomp profile came from a file that Docker does not name, and is left out',
    !single &&
      !hasAutomaticName(container) &&
      'container_name: several containers can not share one; they come back with names of Compose',
    ...strangeMounts(container).map((mount) => `volumes: ${mount} can not be asked for in a Compose file`),
    ...chosenPorts(container).map((port) => `ports: Docker chooses the host's port for ${port}, maybe another one`),
    ...strangers.map(([field]) => `${field}: it joins a container that is not of this project, by its id`),
  ];
  return found.filter((each) => each !== false);
}
