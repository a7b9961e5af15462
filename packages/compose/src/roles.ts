import type { PullPolicy, ServiceRole } from '@gitops/core';
import type { Rendered, RenderedService } from './rendered.ts';

/** `x-gitops.role`, or `job` where another service waits for its completion, or `service`. */
export function roleOf(name: string, model: Rendered): ServiceRole {
  const said = model.services[name]?.['x-gitops']?.role;
  if (said) return said;
  const awaited = Object.values(model.services).some(
    ({ depends_on }) => depends_on?.[name]?.condition === 'service_completed_successfully',
  );
  return awaited ? 'job' : 'service';
}

/** The two places where a Compose file says it. */
interface Scaled {
  readonly scale?: number | undefined;
  readonly deploy?: { readonly replicas?: number | undefined } | undefined;
}

/** How many containers Compose will start. */
export function replicasOf({ scale, deploy }: Scaled): number {
  return scale ?? deploy?.replicas ?? 1;
}

/** `if_not_present`, `build` and the intervals of newer Compose versions are treated as `missing`: images are pulled once. */
export function pullPolicyOf({ pull_policy }: RenderedService): PullPolicy {
  return pull_policy === 'always' || pull_policy === 'never' ? pull_policy : 'missing';
}

/** Intervals would need a clock that runs between deployments; whoever writes one is told what happens instead. */
export function intervalWarnings({ services }: Rendered): readonly string[] {
  return Object.entries(services).flatMap(([name, { pull_policy: said = '' }]) => {
    if (!/^(?:daily|weekly|every_|refresh)/.test(said)) return [];
    return [
      `\`pull_policy: ${said}\` of ${name} is treated as \`missing\`: its image is pulled when the reference changes; write \`always\` to pull it on each deployment`,
    ];
  });
}
