import type { Finding } from '@gitops/core';
import type { ComposeProject, PortModel } from '../check/index.ts';
import { isEveryAddress, publishedPort } from '../host-ports.ts';
import { databaseOf } from './databases.ts';
import { found } from './found.ts';
import { type NamedService, servicesOf } from './services.ts';

/** Databases that whoever reaches the host reaches. */
export function databasePortFindings(project: ComposeProject): readonly Finding[] {
  return servicesOf(project).flatMap((service) => ofService(project, service));
}

function ofService(project: ComposeProject, { name, service }: NamedService): readonly Finding[] {
  const { ports = [], image } = service;
  const database = image && ports.length > 0 ? databaseOf(image) : undefined;
  if (!database || service.network_mode === 'host') return [];
  return ports.flatMap((port, index) => {
    if (port.target === undefined || !database.ports.includes(port.target) || !isPublic(port)) return [];
    const message = `\`${name}\` publishes ${database.product} on every address of the host, and Docker opens the port past the firewall`;
    const local = `127.0.0.1:${publishedPort(port) ? port.published : port.target}:${port.target}`;
    const remedy = `write \`${local}\`, or remove it: services of this project reach it as \`${name}:${port.target}\``;
    return [found('compose/public-database-port', project, ['services', name, 'ports', index], message, remedy)];
  });
}

/** A port that Docker chooses is open as well. */
function isPublic(port: PortModel): boolean {
  return isEveryAddress(publishedPort(port)?.address ?? port.host_ip ?? '');
}
