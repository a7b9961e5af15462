import type { Finding } from '@gitops/core';
import { found } from './found.ts';
import { areDeployedTogether, type StackOfEnvironment } from './linted-stack.ts';
import { type Resource, type ResourceKind, usedResources } from './resources.ts';

const KINDS: readonly ResourceKind[] = ['networks', 'volumes'];

/** External networks and volumes that a later stack makes: on a new host they are not there when they are needed. */
export function stackOrderFindings(stacks: readonly StackOfEnvironment[]): readonly Finding[] {
  const parts = stacks.flatMap((stack, order) =>
    KINDS.flatMap((kind) => usedResources(stack.project, kind).map((resource) => ({ stack, order, kind, resource }))),
  );
  const makers = makersOf(parts);
  return parts.flatMap(({ stack, order, kind, resource }) => {
    const maker = resource.external ? makers.get(`${kind} ${resource.name}`) : undefined;
    if (!maker || maker.order < order || !areDeployedTogether(stack, maker.stack)) return [];
    return [late(stack, kind, resource, maker.stack)];
  });
}

/** A network or volume of a stack, which is one of many. */
interface Part {
  readonly stack: StackOfEnvironment;
  readonly order: number;
  readonly kind: ResourceKind;
  readonly resource: Resource;
}

/** The first stack that makes each. */
function makersOf(parts: readonly Part[]): ReadonlyMap<string, Part> {
  const makers = new Map<string, Part>();
  for (const part of parts) {
    const id = `${part.kind} ${part.resource.name}`;
    if (!part.resource.external && !makers.has(id)) makers.set(id, part);
  }
  return makers;
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
