import type { Finding } from '@gitops/core';
import type { ComposeProject } from '../check/index.ts';
import { found } from './found.ts';
import { imageName } from './image-name.ts';
import { servicesOf } from './services.ts';

/** Last words of the names of images that run jobs of a workflow. */
const RUNNERS: ReadonlySet<string> = new Set([
  'actions-runner',
  'actions-runner-dind',
  'docker-github-runner',
  'github-actions-runner',
  'github-runner',
]);

/** A runner that deploys its own stack stops itself half-way: nobody confirms, and the host goes back. */
export function runnerFindings(project: ComposeProject): readonly Finding[] {
  return servicesOf(project).flatMap(({ name, service }) => {
    if (!service.image?.includes('runner') || !RUNNERS.has(imageName(service.image).name)) return [];
    const message = `\`${name}\` is a self-hosted runner: a deployment from it that changes it stops itself, and the host goes back`;
    const remedy = 'deploy it from another runner, or start it outside of this repository';
    return [found('compose/runner-in-stack', project, ['services', name, 'image'], message, remedy)];
  });
}
