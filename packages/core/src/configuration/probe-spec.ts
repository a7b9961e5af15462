import type { ProbeSpec, TlsSpec } from '../model.ts';
import type { EnvironmentFile } from './read-configuration.ts';

/** A probe as the file has it. */
export type ProbeEntry = EnvironmentFile['health']['probes'][number];

/** A probe as it is measured and recorded; `authorities` are the PEM texts by the paths the file gives. */
export function probeSpec(entry: ProbeEntry, authorities: ReadonlyMap<string, string>): ProbeSpec {
  const { name, http, tcp = '', timeout } = entry;
  const timeoutMs = given('timeoutMs', timeout);
  if (http === undefined) return { name, kind: 'tcp', ...hostAndPort(tcp), ...timeoutMs };
  return {
    name,
    kind: 'http',
    url: http,
    ...given('headers', entry.headers),
    ...timeoutMs,
    ...given('redirects', entry.redirects),
    ...given('tls', tlsSpec(entry, authorities)),
    ...given('status', entry.expect?.status),
    ...given('answerHeaders', entry.expect?.headers),
    ...given('body', entry.expect?.body),
  };
}

function hostAndPort(tcp: string): { readonly host: string; readonly port: number } {
  const separator = tcp.lastIndexOf(':');
  const host = tcp.slice(0, separator).replace(/^\[(.*)\]$/, '$1');
  return { host, port: Number(tcp.slice(separator + 1)) };
}

function tlsSpec({ tls }: ProbeEntry, authorities: ReadonlyMap<string, string>): TlsSpec | undefined {
  if (!tls) return undefined;
  return { ...given('ca', authorities.get(tls.ca ?? '')), ...given('verify', tls.verify) };
}

/** What the file leaves out is left out of the record too, so that records of before stay as they are. */
function given<Key extends string, Value>(key: Key, value: Value | undefined): { readonly [K in Key]?: Value } {
  const entries: { [K in Key]?: Value } = {};
  if (value !== undefined) entries[key] = value;
  return entries;
}
