import { composeLabel } from './compose-labels.ts';
import type { HandMade } from './hand-made.ts';

type Kind = 'networks' | 'volumes';

/** What a network or volume is called within the file, by its name on the host. */
export type ResourceKeys = ReadonlyMap<string, string>;

/** Keys as the project's files have them, then as Docker's labels do; a stranger's name is its own key. */
export function resourceKeys(kind: Kind, handMade: HandMade): ResourceKeys {
  const keys = new Map<string, string>();
  const add = (name: string, key: string): void => {
    if (keys.has(name)) return;
    const taken = new Set(keys.values());
    keys.set(name, taken.has(key) ? ([key, name, `${name}-external`].find((each) => !taken.has(each)) ?? name) : key);
  };
  for (const { rendered } of handMade.fileSets) {
    for (const [key, each] of Object.entries(rendered?.[kind] ?? {})) if (each) add(each.name, key);
  }
  for (const { Name, Labels } of handMade[kind]) add(Name, composeLabel(Labels, kind.slice(0, -1)) || Name);
  for (const name of usedNames(kind, handMade)) add(name, name);
  return keys;
}

function usedNames(kind: Kind, { services }: HandMade): readonly string[] {
  const containers = [...services.values()].flat();
  if (kind === 'networks') return containers.flatMap(({ NetworkSettings }) => Object.keys(NetworkSettings.Networks));
  return containers.flatMap(({ Mounts }) => Mounts.filter(({ Type }) => Type === 'volume').map(({ Name }) => Name));
}
