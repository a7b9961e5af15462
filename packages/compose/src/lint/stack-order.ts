import type { Finding } from '@gitops/core';
import { found } from './found.ts';
import { areDeployedTogether, type StackOfEnvironment } from './linted-stack.ts';
import { type Resource, type ResourceKind, usedResources } from './resources.ts';

const KINDS: readonly ResourceKind[] = ['networks', 'volumes'];

/** External networks and volumes that a later stack makes: on a new host they are not there when they are needed. */
export function stackOrderFindings(stacks: readonly StackOfEnvironment[]): readonly Finding[] {
  return KINDS.flatMap((kind) => {
    const makers = makersOf(stacks, kind);
    return stacks.flatMap((stack, index) =>
      usedResources(stack.project, kind).flatMap((resource) => {
        const maker = resource.external ? makers.get(resource.name) : undefined;
        const isLater = maker !== undefined && stacks.indexOf(maker) > index && areDeployedTogether(stack, maker);
        return isLater ? [late(stack, kind, resource, maker)] : [];
      }),
    );
  });
}

/** The first stack that makes each, by its name on the host. */
function makersOf(stacks: readonly StackOfEnvironment[], kind: ResourceKind): ReadonlyMap<string, StackOfEnvironment> {
  const made = stacks.flatMap((stack) =>
    usedResources(stack.project, kind)
      .filter(({ external }) => !external)
      .map(({ name }) => [name, stack] as const),
  );
  return new Map(made.reverse());
}

function late(
  stack: StackOfEnvironment,
  kind: ResourceKind,
  { key, name }: Resource,
  maker: StackOfEnvironment,
): Finding {
  const what = kind === 'networks' ? 'network' : 'volume';
  const message = `\`${stack.project.name}\` needs the ${what} \`${name}\`, which \`${maker.project.name}\` makes, and that comes later: on a new host the deployment fails`;
  const remedy = `move \`${maker.project.name}\` before \`${stack.project.name}\` in environment.yml`;
  return found('compose/stack-order', stack.project, [kind, key], message, remedy);
}
