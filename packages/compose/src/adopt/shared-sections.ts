import { canonical } from '@gitops/core';
import type { Rendered } from '../rendered.ts';
import type { FileSet } from './hand-made.ts';

const SECTIONS = ['networks', 'volumes', 'configs', 'secrets'] as const;

/** What the files say beside their services. */
export type SharedSections = Pick<Rendered, (typeof SECTIONS)[number]>;

/** Everything beside the services that the sets of files define; of two definitions with one name the first is taken. */
export function sharedSections(fileSets: readonly FileSet[]): SharedSections {
  const all = fileSets.flatMap(({ rendered }) => (rendered ? [rendered] : []));
  return {
    networks: Object.assign({}, ...all.map(({ networks }) => networks).reverse()),
    volumes: Object.assign({}, ...all.map(({ volumes }) => volumes).reverse()),
    configs: Object.assign({}, ...all.map(({ configs }) => configs).reverse()),
    secrets: Object.assign({}, ...all.map(({ secrets }) => secrets).reverse()),
  };
}

/** May services of the set stand beside these definitions, or does a name mean something else in each? */
export function agrees({ rendered }: FileSet, shared: SharedSections): boolean {
  return SECTIONS.every((section) =>
    Object.entries(rendered?.[section] ?? {}).every(
      ([key, each]) => canonical(each ?? null) === canonical(shared[section]?.[key] ?? null),
    ),
  );
}
