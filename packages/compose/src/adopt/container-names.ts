import { composeLabel } from './compose-labels.ts';
import type { HandMade } from './hand-made.ts';
import type { InspectedContainer } from './inspected.ts';

/** Says what a project's definition calls a container that another one joins. */
export interface ContainerNames {
  /** `container:ID` as `service:NAME` when it is the project's own; every other mode as it is. */
  shared(mode: string): string;
  /** An entry of `volumes_from`, which may end in `:ro`. */
  volumesFrom(entry: string): string;
}

/** The names of the containers of a project; strangers keep the name or id that Docker has for them. */
export function containerNames({ services }: HandMade): ContainerNames {
  const all = [...services.values()].flat();
  const serviceOf = (reference: string): string | undefined => {
    const found = all.find((each) => each.Id === reference || nameOf(each) === reference);
    return found && composeLabel(found.Config.Labels, 'service');
  };
  return {
    shared: (mode) => {
      const service = mode.startsWith('container:') ? serviceOf(mode.slice('container:'.length)) : undefined;
      return service === undefined ? mode : `service:${service}`;
    },
    volumesFrom: (entry) => {
      const [reference = '', ...mode] = entry.split(':');
      return [serviceOf(reference) ?? `container:${reference}`, ...mode].join(':');
    },
  };
}

/** Docker writes a slash before it. */
export function nameOf({ Name }: InspectedContainer): string {
  return Name.replace(/^\//, '');
}
