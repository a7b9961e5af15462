import { type Desired, keyOf, type Live, type LiveContainer, type LiveNetwork, serviceOf } from '@gitops/core';

/** Who is attached to a network and stays whatever is deployed: so it can't go, or who is attached would not start again. */
export function attachedTo({ name, foreign }: LiveNetwork, desired: Desired, live: Live): string | undefined {
  return said(foreign, bystanders(name, desired, live));
}

/** Who keeps Docker from making a network again, and what to do about it. */
export interface Holders {
  readonly attached: string;
  readonly remedy: string;
}

/** Who would keep Docker from making a network again. */
export function holdersOf({ name, foreign }: LiveNetwork, desired: Desired, live: Live): Holders | undefined {
  const attached = said(foreign, bystanders(name, desired, live).filter(isUp));
  const remedy = foreign.length > 0 ? `make the network ${name} external` : 'remove these containers first';
  return attached === undefined ? undefined : { attached, remedy };
}

/** What a network that is made again takes along: Compose stops whatever is attached to it, and starts it afterwards. */
export function stoppedAlong({ name }: LiveNetwork, { containers }: Live): readonly string[] {
  const attached = containers.filter((each) => !each.oneOff && isUp(each) && each.networks.includes(name));
  const services = [...new Set(attached.map(({ service }) => service))].sort();
  return services.length === 0 ? [] : [`services on it are stopped for a moment: ${services.join(', ')}`];
}

function said(foreign: readonly string[], own: readonly LiveContainer[]): string | undefined {
  if (foreign.length > 0) return `containers of others are attached: ${foreign.join(', ')}`;
  const names = own.map(({ name }) => name).join(', ');
  return names === '' ? undefined : `containers that were started by hand are attached: ${names}`;
}

/** Containers of the project that no deployment touches: services of profiles that are not active, and runs of one command. */
function bystanders(network: string, { inactiveServices }: Desired, { containers }: Live): readonly LiveContainer[] {
  const inactive = new Set(inactiveServices.map(keyOf));
  const attached = containers.filter(({ networks }) => networks.includes(network));
  return attached.filter((each) => (each.oneOff ? isUp(each) : inactive.has(serviceOf(each))));
}

/** What has ended has let go of its networks. */
function isUp({ state }: LiveContainer): boolean {
  return state === 'running' || state === 'paused' || state === 'restarting';
}
