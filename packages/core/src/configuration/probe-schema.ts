import * as v from 'valibot';
import { closedObject } from './closed-object.ts';
import { durationMs } from './duration.ts';
import { numberAs, positiveDurationText, text } from './scalars.ts';

/** Statuses that lead elsewhere, and are gone after with `redirects: true`. */
export const REDIRECTS: readonly number[] = [301, 302, 303, 307, 308];

const TCP = /^(?:\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9][A-Za-z0-9._-]*):\d{1,5}$/;
const HOST_HEADER = /^(?:\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9][A-Za-z0-9._-]*)(?::\d{1,5})?$/;
const HEADER_NAME = /^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/;
const HEADER_VALUE = /^[\t\x20-\x7e]*$/;
/** A wrong one of these leaves both sides waiting for each other. */
const OF_THE_CONNECTION = /^(?:connection|content-length|expect|keep-alive|te|trailer|transfer-encoding|upgrade)$/i;

const statusRemedy = 'write an HTTP status from 200 to 599, or a list of them';
const tcpRemedy =
  'write `host:port` with a port from 1 to 65535, and an IPv6 address in brackets: `[2001:db8::1]:5432`';

const status = v.pipe(
  numberAs(statusRemedy),
  v.integer(statusRemedy),
  v.minValue(200, statusRemedy),
  v.maxValue(599, statusRemedy),
);
const headerName = v.pipe(
  text,
  v.regex(HEADER_NAME, 'write the name of a header'),
  v.check((name) => !OF_THE_CONNECTION.test(name), 'belongs to the connection, not to the request → remove it'),
);
const headerValue = v.pipe(text, v.regex(HEADER_VALUE, 'write one line of plain ASCII'));

const requestHeaders = v.pipe(
  v.record(headerName, headerValue, 'write a mapping of names to texts'),
  v.check(hasEachOnce, 'names a header twice → keep one; upper and lower case are the same'),
  v.check((headers) => isHost(hostHeader(headers) ?? 'a'), 'write a `Host` as `name` or `name:port`'),
  v.description('headers of the request, e.g. `Host: docs.example.com` where `http` holds an address'),
);

const expectation = closedObject({
  status: v.optional(
    v.pipe(
      v.union([status, v.pipe(v.array(status), v.minLength(1, statusRemedy))], statusRemedy),
      v.description('the status, or a list of statuses, that is good; otherwise any from 200 to 299'),
    ),
  ),
  headers: v.optional(
    v.pipe(
      v.record(headerName, headerValue, 'write a mapping of names to parts of values'),
      v.description('headers of the answer, each with a part of its value; `""` if it only has to be there'),
    ),
  ),
  body: v.optional(
    v.pipe(
      text,
      v.nonEmpty('write a part of the body that must occur'),
      v.description('a text that occurs in the first MiB of the body'),
    ),
  ),
});

const tls = closedObject({
  ca: v.optional(
    v.pipe(
      text,
      v.nonEmpty('write the path of a PEM file, relative to this file'),
      v.description('a PEM file, relative to this one, with the certificates of the only authorities to trust'),
    ),
  ),
  verify: v.optional(
    v.pipe(
      v.boolean('write `true` or `false`'),
      v.description('`false` takes any certificate, and is warned of'),
      v.metadata({ default: true }),
    ),
  ),
});

const webAddress = v.pipe(
  text,
  v.check(isWebAddress, 'write an address with http:// or https://'),
  v.check(hasNoLogin, 'holds a user or a password, which reports would show → remove it'),
  v.description('the address to get, with http:// or https://'),
);

const fields = closedObject({
  name: v.pipe(text, v.nonEmpty('name the probe'), v.description('a name for reports')),
  http: v.optional(webAddress),
  tcp: v.optional(
    v.pipe(
      text,
      v.regex(TCP, tcpRemedy),
      v.check(isReachable, tcpRemedy),
      v.description('`host:port` that has to accept connections; an IPv6 address stands in brackets'),
    ),
  ),
  timeout: v.optional(
    v.pipe(
      positiveDurationText,
      v.description('the longest time that one look may take, redirects and body included; `5s` if left out'),
      v.metadata({ default: '5s' }),
      v.transform(durationMs),
    ),
  ),
  headers: v.optional(requestHeaders),
  redirects: v.optional(
    v.pipe(
      v.boolean('write `true` or `false`'),
      v.description('`true` follows up to 5 redirects, and the last answer counts'),
      v.metadata({ default: false }),
    ),
  ),
  tls: v.optional(v.pipe(tls, v.description('what to trust of an https:// address'))),
  expect: v.optional(v.pipe(expectation, v.description('what a good answer to `http` is'))),
});

/** One of `health.probes`. */
export const probeSchema = v.pipe(
  fields,
  v.partialCheck(
    [['http'], ['tcp']],
    (it) => 'http' in it || 'tcp' in it,
    'has neither `http` nor `tcp` → add one of them',
  ),
  v.partialCheck(
    [['http'], ['tcp']],
    (it) => !('http' in it && 'tcp' in it),
    'has both `http` and `tcp` → make it two probes',
  ),
  v.rawCheck(({ dataset, addIssue }) => {
    if (!dataset.typed) return;
    for (const [key, message] of contradictions(dataset.value)) {
      const path = { type: 'object', origin: 'key', input: { ...dataset.value }, key, value: undefined } as const;
      addIssue({ message, path: [path] });
    }
  }),
);

type Fields = v.InferOutput<typeof fields>;

/** Keys that can't be true together: where, and what to do. */
function contradictions(probe: Fields): (readonly [key: string, message: string])[] {
  const { http, tcp, redirects = false, tls: trust, expect } = probe;
  if (tcp !== undefined) {
    if (http !== undefined) return [];
    const strangers = ['headers', 'redirects', 'tls', 'expect'].filter((key) => key in probe);
    return strangers.map((key) => [key, `\`${key}\` says nothing of \`tcp\` → remove \`${key}\``]);
  }
  const found: (readonly [string, string])[] = [];
  if (trust && http?.startsWith('http:') && !redirects) {
    found.push(['tls', '`tls` says nothing of an http:// address → remove `tls`, or write https://']);
  }
  if (trust?.ca !== undefined && trust.verify === false) {
    found.push(['tls', '`ca` has no effect with `verify: false` → remove one of the two']);
  }
  const followed = [expect?.status ?? []].flat().find((each) => REDIRECTS.includes(each));
  if (redirects && followed !== undefined) {
    found.push(['redirects', `with \`redirects\` no last answer is ${followed} → remove one of the two`]);
  }
  return found;
}

/** The value of `Host`, however it is spelt. */
export function hostHeader(headers: Readonly<Record<string, string>>): string | undefined {
  return Object.entries(headers).find(([name]) => name.toLowerCase() === 'host')?.[1];
}

function isHost(host: string): boolean {
  return HOST_HEADER.test(host) && URL.canParse(`http://${host}`);
}

function hasEachOnce(headers: Readonly<Record<string, string>>): boolean {
  const names = Object.keys(headers).map((name) => name.toLowerCase());
  return new Set(names).size === names.length;
}

function isWebAddress(address: string): boolean {
  const url = URL.parse(address);
  return url !== null && /^https?:$/.test(url.protocol) && url.hostname !== '';
}

function hasNoLogin(address: string): boolean {
  const url = URL.parse(address);
  return url === null || (url.username === '' && url.password === '');
}

/** What has the wrong form is the pattern's to refuse. An IP address that is none has no URL. */
function isReachable(address: string): boolean {
  return !TCP.test(address) || (URL.canParse(`http://${address}`) && Number(/\d+$/.exec(address)?.[0]) >= 1);
}
