import { GitopsError } from '@gitops/core';
import { fromCompose } from './adopt/definition.ts';
import type { Rendered } from './rendered.ts';

const SECTIONS = ['services', 'networks', 'volumes', 'configs', 'secrets'] as const;

/** A path of the upload that was not moved would vanish with the staging folder. */
export function refuseLeftovers(model: Rendered, tree: string): void {
  for (const section of SECTIONS) {
    for (const [name, part] of Object.entries(model[section] ?? {})) {
      if (JSON.stringify(part).includes(tree)) throw unmovable(section, name, part, tree);
    }
  }
}

function unmovable(section: (typeof SECTIONS)[number], name: string, value: unknown, tree: string): GitopsError {
  const path = fromCompose(JSON.stringify(value).split(tree)[1]?.split('"')[0] ?? '');
  return new GitopsError('path-unsupported', {
    attempted: `prepare ${section}.${name}`,
    seen: `it names .${path} of the repository in a way that is not supported`,
    remedy: section === 'volumes' ? insteadOfVolume(path) : 'mount the file as a volume, config or secret',
  });
}

/** A volume with a `device` is a bind mount in disguise, and Docker would never change where it leads. */
function insteadOfVolume(path: string): string {
  return `mount \`.${path}\` itself below \`volumes:\` of the service, or name an absolute path of the host`;
}
