import { baseDifferences, lintChange } from '@gitops/compose';
import type { BaseDifference, Finding, Reporter, RepositoryView } from '@gitops/core';
import { type CheckedEnvironment, checkEnvironment, type EnvironmentStack } from './check-environment.ts';

/** What a commit changes against the one that it is to be merged into, as far as the files tell. */
export interface Comparison {
  readonly findings: readonly Finding[];
  /** By environment. */
  readonly differences: ReadonlyMap<string, readonly BaseDifference[]>;
}

export interface Compared {
  readonly view: RepositoryView;
  readonly base: RepositoryView;
  readonly environments: readonly CheckedEnvironment[];
  readonly reporter: Reporter;
}

/** Compares environments with what they were at the base commit. Of encrypted values both sides know nothing. */
export async function compareWithBase({ view, base, environments, reporter }: Compared): Promise<Comparison> {
  const compared = await Promise.all(
    environments.map(async (environment) => {
      const { name, secrets } = environment;
      const [before, after] = await Promise.all([
        checkEnvironment(base, name, [], reporter),
        secrets.length === 0 ? environment : checkEnvironment(view, name, [], reporter),
      ]);
      return { name, pairs: pairsOf(before, after) };
    }),
  );
  return {
    findings: compared.flatMap(({ pairs }) => pairs.flatMap(([from, to]) => lintChange(from?.project, to?.project))),
    differences: new Map(compared.map(({ name, pairs }) => [name, pairs.flatMap(([a, b]) => baseDifferences(a, b))])),
  };
}

type Pair = readonly [before: EnvironmentStack | undefined, after: EnvironmentStack | undefined];

/** Stacks of one name belong together, then those of one folder, which were renamed. */
function pairsOf(before: CheckedEnvironment, after: CheckedEnvironment): readonly Pair[] {
  const gone = before.stacks.filter(({ spec }) => !after.stacks.some((each) => each.spec.name === spec.name));
  const paired = after.stacks.map((to): Pair => {
    const same = before.stacks.find(({ spec }) => spec.name === to.spec.name);
    return [same ?? gone.find(({ spec }) => spec.folder === to.spec.folder), to];
  });
  const lost = gone.filter(({ spec }) => !after.stacks.some((each) => each.spec.folder === spec.folder));
  return [...paired, ...lost.map((stack): Pair => [stack, undefined])];
}
