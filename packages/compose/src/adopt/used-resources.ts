import type { RenderedFile, RenderedService } from '../rendered.ts';
import { composeLabel } from './compose-labels.ts';
import { forCompose } from './definition.ts';
import { networkDefinition, type RenderedNetwork } from './network-definition.ts';
import type { ReconstructContext } from './reconstruct.ts';
import { type SharedSections, sharedSections } from './shared-sections.ts';
import { type RenderedVolume, volumeDefinition } from './volume-definition.ts';

type Services = Readonly<Record<string, RenderedService>>;

export interface UsedResources {
  readonly sections: SharedSections;
  readonly warnings: readonly string[];
}

/** The networks, volumes, configs and secrets that the services name, and no others: Compose would make them. */
export function usedResources(services: Services, context: ReconstructContext): UsedResources {
  const shared = sharedSections(context.handMade.fileSets);
  const all = Object.values(services);
  const networks = keysIn(all.flatMap((service) => Object.keys(service['networks'] ?? {}))).map(
    (key) => [key, network(key, shared, context)] as const,
  );
  const volumes = keysIn(all.flatMap(volumeKeysOf)).map((key) => [key, volume(key, shared, context)] as const);
  const diverging = networks.filter(([, { diverges }]) => diverges).map(([key]) => key);
  return {
    sections: withoutEmpty({
      networks: Object.fromEntries(networks.map(([key, { definition }]) => [key, definition])),
      volumes: Object.fromEntries(volumes),
      configs: granted(all, 'configs', shared),
      secrets: granted(all, 'secrets', shared),
    }),
    warnings: diverging.map((key) => divergence(key, services)),
  };
}

function keysIn(keys: readonly string[]): readonly string[] {
  return [...new Set(keys)].sort();
}

function volumeKeysOf({ volumes }: RenderedService): readonly string[] {
  return (volumes ?? []).flatMap(({ type, source }) => (type === 'volume' && source !== undefined ? [source] : []));
}

function network(
  key: string,
  shared: SharedSections,
  { handMade, networkKeys }: ReconstructContext,
): { readonly definition: RenderedNetwork; readonly diverges: boolean } {
  const name = nameFor(key, networkKeys);
  const inspected = handMade.networks.find(({ Name }) => Name === name);
  const rendered = shared.networks?.[key] ?? undefined;
  if (rendered?.external) return { definition: rendered, diverges: false };
  if (inspected) return networkDefinition(inspected, rendered);
  return { definition: rendered ?? forCompose({ name, external: true }), diverges: false };
}

function volume(key: string, shared: SharedSections, { handMade, volumeKeys }: ReconstructContext): RenderedVolume {
  const name = nameFor(key, volumeKeys);
  const rendered = shared.volumes?.[key] ?? undefined;
  if (rendered?.external) return rendered;
  const inspected = handMade.volumes.find(({ Name, Labels }) => Name === name && composeLabel(Labels, 'volume') !== '');
  return inspected ? volumeDefinition(inspected, rendered) : (rendered ?? forCompose({ name, external: true }));
}

function nameFor(key: string, keys: ReadonlyMap<string, string>): string {
  return [...keys].find(([, each]) => each === key)?.[0] ?? key;
}

type Files = Readonly<Record<string, RenderedFile>>;

function granted(services: readonly RenderedService[], kind: 'configs' | 'secrets', shared: SharedSections): Files {
  const keys = new Set(services.flatMap((service) => (service[kind] ?? []).map(({ source }) => source)));
  return Object.fromEntries(Object.entries(shared[kind] ?? {}).filter(([key]) => keys.has(key)));
}

function withoutEmpty(sections: SharedSections): SharedSections {
  return Object.fromEntries(Object.entries(sections).filter(([, each]) => Object.keys(each ?? {}).length > 0));
}

function divergence(key: string, services: Services): string {
  const users = Object.entries(services).filter(([, service]) => key in { ...Object(service['networks']) });
  const names = users.map(([name]) => name).join(', ');
  return `${names}: networks: Compose will make ${key} anew, as Docker does not say how it was asked for`;
}
