import type { Finding } from '@gitops/core';
import { found } from './found.ts';
import { areDeployedTogether, type StackOfEnvironment } from './linted-stack.ts';

/** Projects of one name on one host: whichever comes second is refused there, or, taken over, replaces the first. */
export function repeatedProjectFindings(stacks: readonly StackOfEnvironment[]): readonly Finding[] {
  const first = new Map<string, StackOfEnvironment>();
  return stacks.flatMap((stack) => {
    const { name } = stack.project;
    const earlier = first.get(name);
    if (!earlier) first.set(name, stack);
    if (!earlier || areDeployedTogether(stack, earlier)) return [];
    const other = earlier.environment === stack.environment ? `the target ${earlier.target.name}` : earlier.environment;
    const message = `the project \`${name}\` of ${stack.environment} has the name of one of ${other} on the same host, and Compose takes them for one`;
    const remedy = 'give each stack a `name` of its own in environment.yml, such as one with the environment in front';
    return [found('compose/repeated-project', stack.project, ['name'], message, remedy)];
  });
}
