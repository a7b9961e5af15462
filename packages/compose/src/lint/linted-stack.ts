import type { DockerTarget, StackSpec } from '@gitops/core';
import type { ComposeProject } from '../check/index.ts';

/** A stack with the host it is for. */
export interface LintedStack {
  readonly spec: StackSpec;
  readonly project: ComposeProject;
  readonly target: DockerTarget;
}

/** A stack among those of every environment. */
export interface StackOfEnvironment extends LintedStack {
  readonly environment: string;
}

/** What tells one host from another. Behind another way, the same address may be another host. */
export function hostOf({ target }: LintedStack): string {
  return [...(target.jump ?? []), target].map(({ host, port }) => `${host.toLowerCase()}:${port}`).join(' ');
}

/** Whether one deployment brings both. */
export function areDeployedTogether(a: StackOfEnvironment, b: StackOfEnvironment): boolean {
  return a.environment === b.environment && a.target.name === b.target.name;
}
