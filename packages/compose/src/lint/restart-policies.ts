import type { Finding } from '@gitops/core';
import type { ComposeProject } from '../check/index.ts';
import { found } from './found.ts';
import { lastingServices } from './services.ts';

/** Services that nobody starts again. Docker's default is never to. */
export function restartFindings(project: ComposeProject): readonly Finding[] {
  return lastingServices(project).flatMap(({ name, service }) => {
    if (service.restart !== undefined || service.deploy?.restart_policy !== undefined) return [];
    const message = `\`${name}\` has no \`restart\`, so it stays down after a crash or a reboot of the host`;
    const remedy = 'write `restart: unless-stopped`, or `x-gitops: { role: job }` if it is meant to end';
    return [found('compose/no-restart-policy', project, ['services', name], message, remedy)];
  });
}
