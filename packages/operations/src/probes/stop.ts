import { hostHeader } from '@gitops/core';
import type { Address } from './connect.ts';

/** One request on the way of a probe. */
export interface Stop {
  /** As the service is called, which need not be where it is reached. */
  readonly url: URL;
  readonly address: Address;
  /** Without `Host`, which is that of the URL. */
  readonly headers: Readonly<Record<string, string>>;
}

/** Where a probe begins. A `Host` header says what the address is to be called. */
export function firstStop(address: string, headers: Readonly<Record<string, string>>): Stop {
  const url = new URL(address);
  const host = hostHeader(headers);
  const others = Object.entries(headers).filter(([name]) => name.toLowerCase() !== 'host');
  return {
    url: host === undefined ? url : new URL(`${url.protocol}//${host}${url.pathname}${url.search}`),
    address: addressOf(url),
    headers: Object.fromEntries(others),
  };
}

/**
 * Where a redirect leads; `undefined` if that is no web address. The same host name is looked for at the same address,
 * and keeps the headers unless they would go out in the clear.
 */
export function nextStop({ url, address, headers }: Stop, location: string): Stop | undefined {
  const next = URL.parse(location, url.href);
  if (!next || !/^https?:$/.test(next.protocol)) return undefined;
  if (next.origin === url.origin) return { url: next, address, headers };
  if (next.hostname !== url.hostname) return { url: next, address: addressOf(next), headers: {} };
  const isDowngrade = url.protocol === 'https:' && next.protocol === 'http:';
  return {
    url: next,
    address: { host: address.host, port: addressOf(next).port },
    headers: isDowngrade ? {} : headers,
  };
}

/** `https://192.0.2.10/health as docs.example.com`. */
export function stopText({ url, address }: Stop): string {
  const reached = addressOf(url);
  if (reached.host === address.host && reached.port === address.port) return withoutQuery(url);
  const place = new URL(url.href);
  place.hostname = address.host.includes(':') ? `[${address.host}]` : address.host;
  place.port = String(address.port);
  return `${withoutQuery(place)} as ${url.host}`;
}

/** Without what may be a token: a query, a login, a fragment. */
export function withoutQuery({ origin, pathname, search }: URL): string {
  return `${origin}${pathname}${search === '' ? '' : '?…'}`;
}

function addressOf({ protocol, hostname, port }: URL): Address {
  const usual = protocol === 'https:' ? 443 : 80;
  return { host: hostname.replace(/^\[(.*)\]$/, '$1'), port: port === '' ? usual : Number(port) };
}
