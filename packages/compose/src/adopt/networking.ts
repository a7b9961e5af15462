import { composeLabel } from './compose-labels.ts';
import type { ContainerNames } from './container-names.ts';
import { nameOf } from './container-names.ts';
import { type Definition, given } from './definition.ts';
import type { InspectedContainer, InspectedImage } from './inspected.ts';
import type { ResourceKeys } from './resource-keys.ts';

export interface NetworkContext {
  readonly names: ContainerNames;
  readonly networkKeys: ResourceKeys;
}

/** How the container is reached and what it reaches. */
export function networkFields(
  container: InspectedContainer,
  image: InspectedImage | undefined,
  context: NetworkContext,
): Definition {
  const { HostConfig } = container;
  return {
    ...membership(container, context),
    ...given({
      ports: ports(HostConfig.PortBindings),
      expose: exposed(container, image),
      dns: HostConfig.Dns,
      dns_opt: HostConfig.DnsOptions,
      dns_search: HostConfig.DnsSearch,
      extra_hosts: HostConfig.ExtraHosts.map(extraHost),
      external_links: links(container),
    }),
  };
}

/** Links as Docker has them: to containers, by their names. */
export function links({ NetworkSettings, HostConfig }: InspectedContainer): readonly string[] {
  const all = Object.values(NetworkSettings.Networks).flatMap(({ Links }) => Links);
  return [...new Set([...all, ...HostConfig.Links])];
}

const OWN_KIND = ['host', 'none', 'bridge', 'default'];

/** Either one of Docker's modes or a list of networks; the first by priority, then by name, is the one with the port bindings. */
function membership(container: InspectedContainer, { names, networkKeys }: NetworkContext): Definition {
  const mode = container.HostConfig.NetworkMode;
  if (mode.startsWith('container:')) return { network_mode: names.shared(mode) };
  if (OWN_KIND.includes(mode) || mode === '')
    return { network_mode: mode === '' || mode === 'default' ? 'bridge' : mode };
  const memberships = Object.entries(container.NetworkSettings.Networks).map(
    ([name, endpoint]) => [networkKeys.get(name) ?? name, endpoint] as const,
  );
  const first = memberships.map(([key]) => key).sort()[0];
  const primary = networkKeys.get(mode) ?? mode;
  const entries = memberships.map(([key, endpoint]) => {
    const fields = given({
      ...endpointFields(endpoint, container),
      priority: key === primary && key !== first ? 1 : 0,
    });
    // Compose makes another thing of an empty map than of nothing.
    return [key, Object.keys(fields).length === 0 ? null : fields];
  });
  return { networks: Object.fromEntries(entries) };
}

type Endpoint = InspectedContainer['NetworkSettings']['Networks'][string];

function endpointFields(
  { IPAMConfig, Aliases, DriverOpts, GwPriority }: Endpoint,
  container: InspectedContainer,
): Definition {
  const automatic = automaticAliases(container);
  return given({
    aliases: Aliases.filter((alias) => !automatic.has(alias)),
    ipv4_address: IPAMConfig?.IPv4Address,
    ipv6_address: IPAMConfig?.IPv6Address,
    link_local_ips: IPAMConfig?.LinkLocalIPs,
    driver_opts: DriverOpts,
    gw_priority: GwPriority,
  });
}

function automaticAliases(container: InspectedContainer): ReadonlySet<string> {
  const service = composeLabel(container.Config.Labels, 'service');
  return new Set([nameOf(container), service, container.Id.slice(0, 12)]);
}

type Bindings = InspectedContainer['HostConfig']['PortBindings'];

function ports(bindings: Bindings): readonly Definition[] {
  return Object.entries(bindings).flatMap(([port, hosts]) => {
    const [target = '', protocol = 'tcp'] = port.split('/');
    return hosts.map(({ HostIp, HostPort }) => ({
      mode: 'ingress',
      target: Number(target),
      protocol,
      ...given({ host_ip: HostIp, published: HostPort === '0' ? '' : HostPort }),
    }));
  });
}

/** Ports that Docker chooses anew each time the container is made. */
export function chosenPorts({ HostConfig }: InspectedContainer): readonly string[] {
  const chosen = Object.entries(HostConfig.PortBindings).filter(([, hosts]) =>
    hosts.some(({ HostPort }) => HostPort === '' || HostPort === '0'),
  );
  return chosen.map(([port]) => port);
}

function exposed({ Config, HostConfig }: InspectedContainer, image: InspectedImage | undefined): readonly string[] {
  const known = { ...HostConfig.PortBindings, ...image?.Config?.ExposedPorts };
  return Object.keys(Config.ExposedPorts).filter((port) => !(port in known));
}

/** Docker has `NAME:ADDRESS`; an address of version 6 has colons of its own. */
function extraHost(entry: string): string {
  return entry.replace(':', '=');
}
