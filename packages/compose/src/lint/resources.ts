import type { ComposeProject, NetworkModel, ServiceModel, VolumeModel } from '../check/index.ts';
import { servicesOf } from './services.ts';

/** What a project makes on its host, or joins there. */
export interface Resource {
  /** In the Compose file. */
  readonly key: string;
  /** On the host. */
  readonly name: string;
  readonly external: boolean;
  readonly model: NetworkModel & VolumeModel;
}

export type ResourceKind = 'networks' | 'volumes';

/** Networks or volumes that a service uses. Compose passes the others by. */
export function usedResources(project: ComposeProject, kind: ResourceKind): readonly Resource[] {
  const used = new Set(servicesOf(project).flatMap(({ service }) => USES[kind](service)));
  const declared: Readonly<Record<string, NetworkModel & VolumeModel>> = project.model[kind] ?? {};
  return Object.entries(declared)
    .filter(([key]) => used.has(key))
    .map(([key, model]) => ({ key, model, name: nameOf(project, key, model), external: model.external === true }));
}

/** What a network or volume is called on the host. */
export function nameOf(project: ComposeProject, key: string, { name }: { readonly name?: string }): string {
  return name ?? `${project.name}_${key}`;
}

/** Keys of all that a service uses, by the section that declares it. */
export const USES = {
  networks: ({ networks = {} }: ServiceModel) => Object.keys(networks),
  volumes: ({ volumes = [] }: ServiceModel) =>
    volumes.flatMap(({ type, source }) => (type === 'volume' && source !== undefined ? [source] : [])),
  secrets: ({ secrets = [], build }: ServiceModel) => [...secrets, ...filesOf(build?.['secrets'])].flatMap(sourceOf),
  configs: ({ configs = [] }: ServiceModel) => configs.flatMap(sourceOf),
} as const;

function filesOf(uses: unknown): readonly { readonly source?: string }[] {
  return Array.isArray(uses) ? uses : [];
}

function sourceOf({ source }: { readonly source?: string }): readonly string[] {
  return source === undefined ? [] : [source];
}
