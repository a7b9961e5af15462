import type { Desired, DesiredService } from '@gitops/core';

/** What a stack is told by, when it may be an older one under a new name. */
export interface NamedStack {
  readonly name: string;
  /** Names of its services. */
  readonly services: readonly string[];
}

/**
 * Where the data of a stack lies already, by its path relative to the stack's folder: the stack's own, or that of a stack
 * that goes and had the same services, as it is the same by another name. Two applications never share a folder because both
 * call it `./data`. Pure.
 */
export function dataPathsOf(
  stack: NamedStack,
  declared: readonly string[],
  recorded: Desired | undefined,
): ReadonlyMap<string, string> {
  const former = recorded && formerName(stack, declared, recorded);
  const paths = (recorded?.data ?? []).filter((each) => each.stack === former);
  return new Map(paths.map(({ path, source }) => [path, source]));
}

/** None where several could be meant. */
function formerName(stack: NamedStack, declared: readonly string[], { stacks, services }: Desired): string | undefined {
  if (stacks.includes(stack.name)) return stack.name;
  const gone = stacks.filter((each) => !declared.includes(each));
  const [former, ...others] = gone.filter((each) => hasServices(each, services, stack.services));
  return others.length === 0 ? former : undefined;
}

function hasServices(stack: string, services: readonly DesiredService[], names: readonly string[]): boolean {
  const own = new Set(services.filter((each) => each.stack === stack).map(({ name }) => name));
  return own.size === names.length && names.every((name) => own.has(name));
}
