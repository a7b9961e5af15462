import { type Desired, type DesiredService, type Obstacle, subjectOf } from '@gitops/core';
import { showPort } from './host-ports.ts';
import { collisions, portClaims } from './port-claims.ts';

/** Ports and container names that two containers of the desired state would have, so that Compose would fail half-way. Pure. */
export function ownConflicts({ services, stacks }: Desired): readonly Obstacle[] {
  const present = services.filter(({ replicas }) => replicas > 0);
  // What a job has published is free again when it has ended.
  const publishing = present.filter(({ role }) => role !== 'job');
  const called = (service: DesiredService) => subjectOf(service, stacks);
  return [...repeatedPorts(publishing, called), ...scaledPorts(publishing, called), ...repeatedNames(present, called)];
}

type Called = (service: DesiredService) => string;

function claimsOf(service: DesiredService) {
  return portClaims(service.definition, service).map((claim) => ({ ...claim, service }));
}

function repeatedPorts(services: readonly DesiredService[], called: Called): readonly Obstacle[] {
  return collisions(services.flatMap(claimsOf)).map(({ claim, earlier }) =>
    conflict(`the port ${showPort(claim.port)} of ${called(claim.service)}`, called(earlier.service)),
  );
}

function scaledPorts(services: readonly DesiredService[], called: Called): readonly Obstacle[] {
  return services
    .filter(({ replicas }) => replicas > 1)
    .flatMap(claimsOf)
    .map(({ port, service }) =>
      conflict(`the port ${showPort(port)} of ${called(service)}`, `${service.replicas} containers of it`),
    );
}

function repeatedNames(services: readonly DesiredService[], called: Called): readonly Obstacle[] {
  const first = new Map<unknown, DesiredService>();
  return services.flatMap((service) => {
    const name = service.definition['container_name'];
    const earlier = first.get(name);
    if (name !== undefined && !earlier) first.set(name, service);
    return earlier ? [conflict(`the container name ${name} of ${called(service)}`, called(earlier))] : [];
  });
}

function conflict(wanted: string, holder: string): Obstacle {
  return { wanted, holder, stack: '', isOurs: true };
}
