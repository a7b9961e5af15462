import { type HostPort, overlap, publishedPort } from './host-ports.ts';

/** A port of the host that the containers of a service ask for. */
export interface PortClaim {
  /** The service, compared by identity. */
  readonly holder: object;
  readonly port: HostPort;
  /** The port of the container. */
  readonly target: unknown;
  /** Of the item in `ports`. */
  readonly index: number;
}

/**
 * What Docker has to publish under one certain port. From a range, it takes one that is free; in the network of the host
 * or of another container it publishes nothing.
 */
export function portClaims<Definition extends Readonly<Record<string, unknown>>>(
  definition: Definition,
  holder: object = definition,
): readonly PortClaim[] {
  const { ports, network_mode: mode = 'bridge' } = definition;
  if (!Array.isArray(ports) || mode !== 'bridge') return [];
  return ports.flatMap((item: Readonly<Record<string, unknown>>, index) => {
    const port = publishedPort(item);
    return port && port.first === port.last ? [{ holder, port, target: item['target'], index }] : [];
  });
}

/** Claims that an earlier one, of those that count, stands against; with the first of them. */
export function collisions<Claim extends PortClaim>(
  claims: readonly Claim[],
  counts: (claim: Claim, earlier: Claim) => boolean = () => true,
): readonly { readonly claim: Claim; readonly earlier: Claim }[] {
  const byPort = new Map<string, Claim[]>();
  return claims.flatMap((claim) => {
    const key = `${claim.port.first}/${claim.port.protocol}`;
    const others = byPort.get(key) ?? [];
    byPort.set(key, [...others, claim]);
    const earlier = others.find((other) => counts(claim, other) && collide(claim, other));
    return earlier ? [{ claim, earlier }] : [];
  });
}

/** Compose drops what is written twice in one service. */
function collide(a: PortClaim, b: PortClaim): boolean {
  const isRepetition = a.holder === b.holder && a.target === b.target && a.port.address === b.port.address;
  return !isRepetition && overlap(a.port, b.port);
}
