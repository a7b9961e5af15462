import type { Finding } from '@gitops/core';
import { nameOf } from './fixed-names.ts';
import { found } from './found.ts';
import { areDeployedTogether, type StackOfEnvironment } from './linted-stack.ts';

/** External networks and volumes that a later stack makes: on a new host they are not there when they are needed. */
export function stackOrderFindings(stacks: readonly StackOfEnvironment[]): readonly Finding[] {
  const makers = makersOf(stacks);
  return stacks.flatMap((stack, index) =>
    KINDS.flatMap((kind) =>
      Object.entries(stack.project.model[kind] ?? {}).flatMap(([key, resource]) => {
        const name = nameOf(stack.project, key, resource);
        const maker = resource?.external === true ? makers.get(`${kind} ${name}`) : undefined;
        const isLater = maker !== undefined && stacks.indexOf(maker) > index && areDeployedTogether(stack, maker);
        return isLater ? [late(stack, kind, key, name, maker)] : [];
      }),
    ),
  );
}

const KINDS = ['networks', 'volumes'] as const;
type Kind = (typeof KINDS)[number];

/** The first stack that makes each. */
function makersOf(stacks: readonly StackOfEnvironment[]): ReadonlyMap<string, StackOfEnvironment> {
  const makers = new Map<string, StackOfEnvironment>();
  for (const stack of stacks) {
    for (const kind of KINDS) {
      for (const [key, resource] of Object.entries(stack.project.model[kind] ?? {})) {
        const id = `${kind} ${nameOf(stack.project, key, resource)}`;
        if (resource?.external !== true && !makers.has(id)) makers.set(id, stack);
      }
    }
  }
  return makers;
}

function late(stack: StackOfEnvironment, kind: Kind, key: string, name: string, maker: StackOfEnvironment): Finding {
  const what = kind === 'networks' ? 'network' : 'volume';
  const message = `\`${stack.project.name}\` needs the ${what} \`${name}\`, which \`${maker.project.name}\` makes, and that comes later: on a new host the deployment fails`;
  const remedy = `move \`${maker.project.name}\` before \`${stack.project.name}\` in environment.yml`;
  return found('compose/stack-order', stack.project, [kind, key], message, remedy);
}
