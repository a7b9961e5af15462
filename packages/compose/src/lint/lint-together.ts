import type { Finding } from '@gitops/core';
import { fixedNameFindings } from './fixed-names.ts';
import { hostOf, type StackOfEnvironment } from './linted-stack.ts';
import { portFindingsTogether } from './port-collisions.ts';
import { repeatedProjectFindings } from './repeated-projects.ts';
import { sharedDataFindings } from './shared-data.ts';
import { stackOrderFindings } from './stack-order.ts';

/**
 * Findings about the stacks of all environments beside each other, those of one environment in its order. Stacks on
 * different hosts have nothing to do with each other. Pure.
 */
export function lintTogether(stacks: readonly StackOfEnvironment[]): readonly Finding[] {
  return [...Map.groupBy(stacks, hostOf).values()].flatMap((neighbours) => [
    ...portFindingsTogether(neighbours),
    ...fixedNameFindings(neighbours),
    ...repeatedProjectFindings(neighbours),
    ...sharedDataFindings(neighbours),
    ...stackOrderFindings(neighbours),
  ]);
}
