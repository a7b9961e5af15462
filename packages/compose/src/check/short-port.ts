import { isIP } from 'node:net';
import { type Draft, newMap, type PlainMap } from './plain.ts';

/** Ports in long syntax, or why there are none. */
type ShortPort = { readonly ports: readonly PlainMap[] } | { readonly fault: string };

interface Range {
  readonly first: number;
  readonly last: number;
}

/** `[host ip:][published:]target[/protocol]`, where both ports may be ranges. */
export function parsePort(text: string): ShortPort {
  const parts = text.split(':');
  const [target = '', protocol = 'tcp'] = (parts.at(-1) ?? '').split('/');
  const published = parts.at(-2) ?? '';
  const host = hostOf(parts.slice(0, -2).join(':'));
  if (host === undefined) return { fault: 'its first part is no IP address; those of IPv6 stand in brackets' };
  const inside = range(target);
  const outside = range(published);
  if (!inside) return { fault: target === '' ? 'it names no port of the container' : `\`${target}\` is no port` };
  if (!outside && published !== '') return { fault: `\`${published}\` is no port` };
  if (!/^(?:tcp|udp|sctp)?$/i.test(protocol)) return { fault: `\`${protocol}\` is none of tcp, udp and sctp` };
  if (outside && sizeOf(inside) !== sizeOf(outside) && sizeOf(inside) > 1) {
    return { fault: `its two ranges are of ${sizeOf(outside)} and ${sizeOf(inside)} ports` };
  }
  return { ports: portsOf(inside, outside, { host, protocol: (protocol || 'tcp').toLowerCase() }) };
}

function hostOf(text: string): string | undefined {
  const host = text.startsWith('[') && text.endsWith(']') ? text.slice(1, -1) : text;
  if (host === text && host.includes(':')) return undefined;
  return host === '' || isIP(host) !== 0 ? host : undefined;
}

function range(text: string): Range | undefined {
  const [, first, last = first] = /^(\d+)(?:-(\d+))?$/.exec(text) ?? [];
  const isPort = (port: number) => port <= 65_535;
  const found = { first: Number(first), last: Number(last) };
  return isPort(found.first) && isPort(found.last) && found.first <= found.last ? found : undefined;
}

function sizeOf({ first, last }: Range): number {
  return last - first + 1;
}

/** One entry a port of the container, in the order of their names as texts. */
function portsOf(inside: Range, outside: Range | undefined, rest: { host: string; protocol: string }): PlainMap[] {
  const ports = Array.from({ length: sizeOf(inside) }, (_, index): Draft => {
    const port = newMap({ mode: 'ingress', target: inside.first + index, protocol: rest.protocol });
    if (rest.host !== '') port['host_ip'] = rest.host;
    if (outside) port['published'] = publishedFor(inside, outside, index);
    return port;
  });
  return ports.sort((a, b) => (String(a['target']) < String(b['target']) ? -1 : 1));
}

function publishedFor(inside: Range, outside: Range, index: number): string {
  const isChoice = sizeOf(inside) === 1 && sizeOf(outside) > 1;
  return isChoice ? `${outside.first}-${outside.last}` : String(outside.first + index);
}
