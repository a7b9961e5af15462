import { GitopsError } from '@gitops/core';
import type { Rendered } from './rendered.ts';

const SECTIONS = ['services', 'networks', 'volumes', 'configs', 'secrets'] as const;

/** A path of the upload that was not moved would vanish with the staging folder. */
export function refuseLeftovers(model: Rendered, tree: string): void {
  for (const section of SECTIONS) {
    for (const [name, part] of Object.entries(model[section] ?? {})) {
      if (JSON.stringify(part).includes(tree)) throw unmovable(`${section}.${name}`, part, tree);
    }
  }
}

function unmovable(where: string, value: unknown, tree: string): GitopsError {
  const path = JSON.stringify(value).split(tree)[1]?.split('"')[0] ?? '';
  return new GitopsError('path-unsupported', {
    attempted: `prepare ${where}`,
    seen: `it names the file .${path} of the repository in a way that is not supported`,
    remedy: 'mount the file as a volume, config or secret',
  });
}
