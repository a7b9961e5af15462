import {
  type Desired,
  type DesiredService,
  type Live,
  type Obstacle,
  subjectOf,
  type UnmanagedContainer,
} from '@gitops/core';
import { type HostPort, listedPort, overlap, publishedPort, showPort } from './host-ports.ts';
import { ownConflicts } from './own-conflicts.ts';

/** Ports and container names that others on the host hold, or that are wanted twice: Compose would fail half-way. Pure. */
export function obstacles(desired: Desired, live: Live): readonly Obstacle[] {
  const { services, stacks } = desired;
  const held = services
    .filter(({ replicas }) => replicas > 0)
    .flatMap((service) => live.unmanaged.flatMap((other) => between(service, subjectOf(service, stacks), other)));
  return [...ownConflicts(desired), ...held];
}

function between(service: DesiredService, subject: string, other: UnmanagedContainer): readonly Obstacle[] {
  const holder = { holder: other.name, stack: other.stack };
  const { container_name: name, ports } = service.definition;
  const named = name === other.name ? [{ ...holder, wanted: `the container name ${other.name} of ${subject}` }] : [];
  const held = other.ports.flatMap((text) => listedPort(text) ?? []);
  const taken = publishedBy(ports).filter((port) => held.some((each) => overlap(port, each)));
  return [...named, ...taken.map((port) => ({ ...holder, wanted: `the port ${showPort(port)} of ${subject}` }))];
}

/** `ports` as Compose renders them. */
function publishedBy(ports: unknown): readonly HostPort[] {
  return Array.isArray(ports) ? ports.flatMap((port) => publishedPort(port) ?? []) : [];
}
