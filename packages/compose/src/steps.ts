import type { Change, Desired, ServiceKey, Step } from '@gitops/core';
import { stackFolder } from './stack-folder.ts';

/** Longest time Compose may take to make a project so, jobs and `service_healthy` conditions included. */
export const UP_SECONDS = 900;
export const DOCKER_SECONDS = 120;

/** A release, and what it holds. */
export interface ReleaseContent {
  readonly release: string;
  readonly desired: Desired;
}

export function step(name: string, argv: readonly string[], timeoutSeconds = DOCKER_SECONDS): Step {
  return { name, argv, timeoutSeconds };
}

/** Compose, with the file of one stack of a release. An empty overlay is none. */
export function activate(
  word: 'activate' | 'activate_again',
  { release, desired }: ReleaseContent,
  stack: string,
  overlayFile: string,
  words: readonly string[],
): readonly string[] {
  return [word, stack, stackFolder(release, desired, stack), overlayFile, ...words];
}

export const UP: readonly string[] = ['up', '-d', '--no-build', '--pull', 'never'];

/** `up`, or `up-shop` where there are several stacks. */
export function stepName(name: string, stack: string, { stacks }: Pick<Desired, 'stacks'>): string {
  return stacks.length > 1 ? `${name}-${stack}` : name;
}

/** The overlay of one stack for the way there, or for the way back. */
export function overlayFile(way: 'apply' | 'revert', stack: string): string {
  return `${way}-${stack}.yml`;
}

export function removeServices(services: readonly ServiceKey[]): readonly Step[] {
  return services.map(({ stack, name }, index) => step(`remove-service-${index + 1}`, ['remove_service', stack, name]));
}

export function removeNetworks(names: readonly string[], stage = 'network'): readonly Step[] {
  return names.map((name, index) => step(`remove-${stage}-${index + 1}`, ['remove_network', name]));
}

/** Changes of one kind that take something away. */
export function deleted(changes: readonly Change[], kind: Change['kind']): readonly Change[] {
  return changes.filter((change) => change.kind === kind && change.action === 'delete');
}

/** Services that a transaction does something to. */
export function touched(changes: readonly Change[]): readonly Change[] {
  return changes.filter(({ kind, action }) => kind === 'service' && action !== 'none');
}
