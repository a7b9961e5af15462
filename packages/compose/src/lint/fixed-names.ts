import type { Finding } from '@gitops/core';
import { UNKNOWN_VALUE } from '../load/interpolation.ts';
import { found, type ModelPath } from './found.ts';
import { areDeployedTogether, type StackOfEnvironment } from './linted-stack.ts';
import { usedResources } from './resources.ts';
import { deployedServices } from './services.ts';

/** Something a stack makes on its host under a name that is not its project's. */
interface FixedName {
  readonly stack: StackOfEnvironment;
  readonly kind: 'container' | 'network' | 'volume';
  readonly name: string;
  readonly path: ModelPath;
}

/** Names that several projects of one host give. */
export function fixedNameFindings(stacks: readonly StackOfEnvironment[]): readonly Finding[] {
  const first = new Map<string, FixedName>();
  const known = stacks.flatMap(namesOf).filter(({ name }) => !name.includes(UNKNOWN_VALUE));
  return known.flatMap((fixed) => {
    const key = `${fixed.kind} ${fixed.name}`;
    const earlier = first.get(key);
    if (!earlier) first.set(key, fixed);
    // Projects of one name are a finding of their own.
    return earlier && earlier.stack.project.name !== fixed.stack.project.name ? [collision(fixed, earlier)] : [];
  });
}

function namesOf(stack: StackOfEnvironment): readonly FixedName[] {
  const containers = deployedServices(stack.project).flatMap(({ name, service }): readonly FixedName[] => {
    const path = ['services', name, 'container_name'];
    return service.container_name === undefined
      ? []
      : [{ stack, kind: 'container', name: service.container_name, path }];
  });
  return [...containers, ...made(stack, 'network'), ...made(stack, 'volume')];
}

function made(stack: StackOfEnvironment, kind: 'network' | 'volume'): readonly FixedName[] {
  return usedResources(stack.project, `${kind}s`)
    .filter(({ external }) => !external)
    .map(({ key, name }) => ({ stack, kind, name, path: [`${kind}s`, key, 'name'] }));
}

const EFFECTS = {
  container: 'Docker gives a name once, so the second one fails',
  network: 'whichever is removed or changed first takes it from the other',
  volume: 'both write to the same data',
} as const;

function collision(fixed: FixedName, { stack: other }: FixedName): Finding {
  const { stack, kind, name, path } = fixed;
  const isTogether = areDeployedTogether(stack, other);
  const where = isTogether ? '' : ` (${other.environment})`;
  const message = `the ${kind} \`${name}\` is made by the stack \`${other.project.name}\`${where} on the same host, too: ${EFFECTS[kind]}`;
  if (kind !== 'container') {
    const remedy = 'write `external: true` here if it is meant to be that one, else another `name:`';
    return found('compose/fixed-name-collision', stack.project, path, message, remedy);
  }
  const rule = isTogether ? 'compose/container-name-collision' : 'compose/fixed-name-collision';
  return found(rule, stack.project, path, message, 'remove `container_name`, or give each a name of its own');
}
