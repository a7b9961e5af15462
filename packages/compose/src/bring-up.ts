import type { Desired, DesiredService, Step } from '@gitops/core';
import type { ComposeRelease } from './compose-release.ts';
import { changesDependencies } from './overlay.ts';
import { activate, overlayFile, type ReleaseContent, step, stepName, UP, UP_SECONDS } from './steps.ts';

const CREATE: readonly string[] = ['create', '--no-build', '--pull', 'never'];

/** How one stack of a release is brought up. */
export interface BringUp {
  readonly content: ReleaseContent;
  readonly stack: string;
  readonly way: 'apply' | 'revert';
  /** Jobs that are not to run again. */
  readonly finished: readonly DesiredService[];
  readonly compose: ComposeRelease;
}

/** The steps that make a stack of a release run. `again` is for a second time, which is only needed sometimes. */
export function bringUp({ content, stack, way, finished, compose }: BringUp, again = false): readonly Step[] {
  const { desired } = content;
  const word = again ? 'activate_again' : 'activate';
  const [create, up] = again ? ['create-again', 'again'] : ['create', 'up'];
  const overlay = overlayFile(way, stack);
  const named = (name: string) => stepName(name, stack, desired);
  if (!compose.hashesDependencies || !changesDependencies(desired, stack, finished)) {
    return [step(named(up), activate(word, content, stack, overlay, UP), UP_SECONDS)];
  }
  // The overlay changes `depends_on`, which would be another hash here: so containers are made without it.
  return [
    step(named(create), activate(word, content, stack, '', CREATE), UP_SECONDS),
    step(named(up), activate(word, content, stack, overlay, [...UP, '--no-recreate']), UP_SECONDS),
  ];
}

/** The steps that give services a new container although Compose takes theirs for up to date. */
export function recreate({ content, stack, way, compose }: BringUp, services: readonly string[]): readonly Step[] {
  const named = (name: string) => stepName(name, stack, content.desired);
  if (!compose.hashesDependencies) {
    const words = [...UP, '--force-recreate', '--no-deps', ...services];
    return [step(named('recreate'), activate('activate', content, stack, '', words), UP_SECONDS)];
  }
  // `--no-deps` takes `depends_on` out of the hash; without it, `up` would run finished jobs again.
  const started = [...UP, '--no-recreate'];
  return [
    step(
      named('recreate'),
      activate('activate', content, stack, '', [...CREATE, '--force-recreate', ...services]),
      UP_SECONDS,
    ),
    step(named('start'), activate('activate', content, stack, overlayFile(way, stack), started), UP_SECONDS),
  ];
}

/** Jobs that are done and were known before, so that going back does not run them either. */
export function finishedBefore(finished: readonly DesiredService[], previous: Desired): readonly DesiredService[] {
  const isKnown = ({ stack, name }: DesiredService) =>
    previous.services.some((each) => each.stack === stack && each.name === name);
  return finished.filter(isKnown);
}
