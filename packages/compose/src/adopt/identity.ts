import { composeLabel } from './compose-labels.ts';
import { nameOf } from './container-names.ts';
import { type Definition, given } from './definition.ts';
import type { Engine, InspectedContainer } from './inspected.ts';

/** By what names the container is known. */
export function identityFields(container: InspectedContainer, engine: Engine, single: boolean): Definition {
  const { Config, HostConfig } = container;
  const joins = HostConfig.NetworkMode.startsWith('container:');
  return given({
    container_name: single && !hasAutomaticName(container) ? nameOf(container) : '',
    hostname: joins || hasAutomaticHostname(container, engine) ? '' : Config.Hostname,
    domainname: joins ? '' : Config.Domainname,
    mac_address: Config.MacAddress,
  });
}

/** Compose's own choice, also with an id before it, where an update was cut short. Compose 1 had `_` in place of `-`. */
export function hasAutomaticName(container: InspectedContainer): boolean {
  const { Labels } = container.Config;
  const words = ['project', 'service', 'container-number'].map((label) => composeLabel(Labels, label));
  return nameOf(container).replace(/^[0-9a-f]{12}_/, '') === words.join('-');
}

/** A container in the host's network has the host's name, which Docker writes down as if it had been asked for. */
function hasAutomaticHostname({ Id, Config, HostConfig }: InspectedContainer, engine: Engine): boolean {
  if (HostConfig.NetworkMode === 'host' && Config.Hostname === engine.Name) return true;
  return Config.Hostname === Id.slice(0, 12);
}
