/** A port, or a range of ports, of the host. */
export interface HostPort {
  /** Empty for every address; `0.0.0.0` and `::` are those of one family. */
  readonly address: string;
  readonly first: number;
  readonly last: number;
  readonly protocol: string;
}

/** An item of `ports` as Compose renders it; nothing if Docker chooses the port. */
export function publishedPort(port: Readonly<Record<string, unknown>>): HostPort | undefined {
  const [, first = '', last = first] = /^(\d+)(?:-(\d+))?$/.exec(String(port['published'] ?? '')) ?? [];
  // For 0, Docker chooses as well.
  if (Number(first) === 0) return undefined;
  const [address = '', protocol = ''] = [port['host_ip'] ?? '', port['protocol'] ?? 'tcp'].map(String);
  return { address: withoutBrackets(address), first: Number(first), last: Number(last), protocol };
}

/** As Docker lists them: `0.0.0.0:80->80/tcp`, `:::8000-8010->8000-8010/tcp`. */
export function listedPort(text: string): HostPort | undefined {
  const match = /^(.*):(\d+)(?:-(\d+))?->.*\/(\w+)$/.exec(text);
  if (!match) return undefined;
  const [, address = '', first = '', last = first, protocol = ''] = match;
  return { address: withoutBrackets(address), first: Number(first), last: Number(last), protocol };
}

function withoutBrackets(address: string): string {
  return address.replace(/^\[(.*)\]$/, '$1');
}

/** Whether Docker cannot give both away. */
export function overlap(a: HostPort, b: HostPort): boolean {
  const samePort = a.protocol === b.protocol && a.first <= b.last && b.first <= a.last;
  return samePort && shareAddress(a.address, b.address);
}

function shareAddress(a: string, b: string): boolean {
  if (a === '' || b === '' || a === b) return true;
  const sameFamily = a.includes(':') === b.includes(':');
  return sameFamily && [a, b].some(isEveryAddress);
}

/** Every address, at least of one family. */
export function isEveryAddress(address: string): boolean {
  return address === '' || address === '0.0.0.0' || address === '::';
}

/** e.g. `8080/tcp`. */
export function showPort({ first, last, protocol }: HostPort): string {
  return first === last ? `${first}/${protocol}` : `${first}-${last}/${protocol}`;
}
