import {
  type Desired,
  type DesiredService,
  type Live,
  type Obstacle,
  subjectOf,
  type UnmanagedContainer,
} from '@gitops/core';

/** A port, or a range of ports, of the host. */
interface HostPort {
  /** Empty for every address. */
  readonly address: string;
  readonly first: number;
  readonly last: number;
  readonly protocol: string;
}

/** Ports and container names that others on the host hold, so that Compose would fail half-way. Pure. */
export function obstacles({ services, stacks }: Desired, live: Live): readonly Obstacle[] {
  return services
    .filter(({ replicas }) => replicas > 0)
    .flatMap((service) => live.unmanaged.flatMap((other) => between(service, subjectOf(service, stacks), other)));
}

function between(service: DesiredService, subject: string, other: UnmanagedContainer): readonly Obstacle[] {
  const holder = { holder: other.name, stack: other.stack };
  const { container_name: name, ports } = service.definition;
  const named = name === other.name ? [{ ...holder, wanted: `the container name ${other.name} of ${subject}` }] : [];
  const held = other.ports.flatMap((text) => readPublished(text) ?? []);
  const taken = publishedBy(ports).filter((port) => held.some((each) => overlap(port, each)));
  return [...named, ...taken.map((port) => ({ ...holder, wanted: `the port ${show(port)} of ${subject}` }))];
}

/** `ports` as Compose renders them. */
function publishedBy(ports: unknown): readonly HostPort[] {
  if (!Array.isArray(ports)) return [];
  return ports.flatMap((port: Readonly<Record<string, unknown>>) => {
    const [, first = '', last = first] = /^(\d+)(?:-(\d+))?$/.exec(String(port['published'] ?? '')) ?? [];
    if (first === '') return [];
    const [address, protocol] = [port['host_ip'] ?? '', port['protocol'] ?? 'tcp'].map(String);
    return [
      { address: anyAddress(address ?? ''), first: Number(first), last: Number(last), protocol: protocol ?? 'tcp' },
    ];
  });
}

/** As Docker lists them: `0.0.0.0:80->80/tcp`, `:::8000-8010->8000-8010/tcp`. */
function readPublished(text: string): HostPort | undefined {
  const match = /^(.*):(\d+)(?:-(\d+))?->.*\/(\w+)$/.exec(text);
  if (!match) return undefined;
  const [, address = '', first = '', last = first, protocol = ''] = match;
  return { address: anyAddress(address), first: Number(first), last: Number(last), protocol };
}

function anyAddress(address: string): string {
  return ['0.0.0.0', '::', '[::]'].includes(address) ? '' : address;
}

function overlap(a: HostPort, b: HostPort): boolean {
  const sameAddress = a.address === '' || b.address === '' || a.address === b.address;
  return a.protocol === b.protocol && sameAddress && a.first <= b.last && b.first <= a.last;
}

function show({ first, last, protocol }: HostPort): string {
  return first === last ? `${first}/${protocol}` : `${first}-${last}/${protocol}`;
}
