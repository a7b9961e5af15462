import type { Finding } from '@gitops/core';
import type { ComposeProject } from '../check/index.ts';
import { found } from './found.ts';
import { servicesOf } from './services.ts';

/** How a stack goes from one release to the next. */
type Strategy = 'recreate' | 'blue-green' | 'canary';

/** Old and new container of a service run beside each other with these two, and Docker gives a name once. */
export function containerNameFindings(project: ComposeProject, strategy: Strategy): readonly Finding[] {
  if (strategy === 'recreate') return [];
  return servicesOf(project).flatMap(({ name, service }) => {
    if (service.container_name === undefined) return [];
    const message = `\`${name}\` is always called \`${service.container_name}\`, and \`strategy: ${strategy}\` starts it twice at a time`;
    const remedy = 'remove `container_name`: other services reach it by the name of the service';
    return [found('compose/container-name', project, ['services', name, 'container_name'], message, remedy)];
  });
}
