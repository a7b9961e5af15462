import type { Finding } from '@gitops/core';
import type { ComposeProject, ServiceModel } from '../check/index.ts';
import { found } from './found.ts';
import { imageName } from './image-name.ts';
import { lastingServices, type NamedService, serviceCalled, servicesOf } from './services.ts';

/** Images that bring a health check, by their own Dockerfiles. */
const WITH_HEALTH_CHECK = new Set([
  'ghcr.io/gethomepage/homepage',
  'ghcr.io/louislam/uptime-kuma',
  'ghcr.io/qdm12/gluetun',
  'jellyfin/jellyfin',
  'louislam/uptime-kuma',
  'pihole/pihole',
  'qmcgaw/gluetun',
  'vaultwarden/server',
]);

const REMEDY = 'write a `healthcheck:` with a `test`, or `healthcheck: { disable: false }` if the image brings one';

/** Services whose health nobody can tell, and those that wait for it. */
export function healthCheckFindings(project: ComposeProject): readonly Finding[] {
  const waiting = servicesOf(project).flatMap((service) => waitingFor(project, service));
  const reported = new Set(waiting.map(({ unchecked }) => unchecked));
  const others = lastingServices(project).filter(({ name }) => !reported.has(name));
  return [...waiting.map(({ finding }) => finding), ...others.flatMap((service) => noHealthCheck(project, service))];
}

type Check = 'written' | 'switched-off' | 'missing';

function checkOf({ image, healthcheck }: ServiceModel): Check {
  if (healthcheck?.disable === true || healthcheck?.test?.[0] === 'NONE') return 'switched-off';
  if (healthcheck || (image && WITH_HEALTH_CHECK.has(imageName(image).repository))) return 'written';
  return 'missing';
}

interface Waiting {
  /** Who is waited for. */
  readonly unchecked: string;
  readonly finding: Finding;
}

function waitingFor(project: ComposeProject, { name, service }: NamedService): readonly Waiting[] {
  return Object.entries(service.depends_on ?? {}).flatMap(([other, { condition, required }]) => {
    const awaited = serviceCalled(project, other);
    // Compose goes on with a warning where the other one is not required.
    if (!awaited || condition !== 'service_healthy' || required === false) return [];
    const check = checkOf(awaited);
    if (check === 'written') return [];
    const why = check === 'missing' ? 'has none, unless its image brings one' : 'has switched it off';
    const message = `\`${name}\` waits for the health check of \`${other}\`, which ${why}: then Compose fails`;
    const path = ['services', name, 'depends_on', other, 'condition'];
    const remedy = check === 'missing' ? `${REMEDY}, below \`${other}\`` : `write \`condition: service_started\``;
    return [{ unchecked: other, finding: found('compose/depends-on-no-health-check', project, path, message, remedy) }];
  });
}

function noHealthCheck(project: ComposeProject, { name, service }: NamedService): readonly Finding[] {
  const check = checkOf(service);
  if (check === 'written') return [];
  const seen =
    check === 'missing' ? `\`${name}\` has no health check` : `the health check of \`${name}\` is switched off`;
  const message = `${seen}, so it counts as healthy while it runs, whether it answers or not`;
  const path = ['services', name, ...(check === 'missing' ? [] : ['healthcheck'])];
  return [found('compose/no-health-check', project, path, message, REMEDY)];
}
