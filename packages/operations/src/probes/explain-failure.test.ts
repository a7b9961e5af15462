import { expect, it } from 'vitest';
import { explainFailure } from './explain-failure.ts';
import { ProbeFailure, type Stage } from './probe-failure.ts';

function failed(code: string, more: object = {}): Error {
  return Object.assign(new Error(`failed with ${code}`), { code, ...more });
}

function explained(stage: Stage, cause: unknown) {
  return explainFailure(new ProbeFailure(stage, 'a.example.com:443', cause), 5000);
}

it.each([
  'ENETUNREACH',
  'ENETDOWN',
  'EHOSTUNREACH',
  'EHOSTDOWN',
  'EADDRNOTAVAIL',
  'EAFNOSUPPORT',
  'EACCES',
  'EPERM',
  'EMFILE',
  'ENFILE',
  'ENOBUFS',
  'ENOMEM',
])('%s says nothing of the service, at whatever stage', (code) => {
  for (const stage of ['connect', 'secure', 'answer'] as const) {
    const { verdict, seen } = explained(stage, failed(code));
    expect(verdict).toBe('unknown');
    expect(seen).toMatch(new RegExp(`^a\\.example\\.com:443: \\w.*\\(${code}\\)$`));
  }
});

it.each(['ENOTFOUND', 'EAI_AGAIN', 'EAI_FAIL', 'EAI_NODATA'])(
  'a look-up that ends with %s says nothing of the service',
  (code) => {
    expect(explained('connect', failed(code, { syscall: 'getaddrinfo' }))).toEqual({
      verdict: 'unknown',
      seen: `a.example.com:443: the DNS of this machine has no address for it (${code}) → mend its DNS, or probe the IP address with \`headers: { Host: … }\``,
    });
  },
);

it.each<[stage: Stage, code: string, verdict: string]>([
  ['connect', 'ETIMEDOUT', 'unknown'],
  ['connect', 'ABORT_ERR', 'unknown'],
  ['secure', 'ABORT_ERR', 'unhealthy'],
  ['answer', 'ABORT_ERR', 'unhealthy'],
  ['answer', 'ETIMEDOUT', 'unhealthy'],
  ['connect', 'ECONNREFUSED', 'unhealthy'],
  ['connect', 'ECONNRESET', 'unhealthy'],
  ['secure', 'ECONNRESET', 'unhealthy'],
  ['answer', 'EPIPE', 'unhealthy'],
  ['secure', 'ERR_SSL_TLSV1_UNRECOGNIZED_NAME', 'unhealthy'],
  ['secure', 'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION', 'unhealthy'],
  ['answer', 'HPE_INVALID_HEADER_TOKEN', 'unhealthy'],
  ['answer', 'EWHATEVER', 'unhealthy'],
])('while %s, %s is %s', (stage, code, verdict) => {
  expect(explained(stage, failed(code)).verdict).toBe(verdict);
});

it.each<[codes: readonly string[], verdict: string, seen: string]>([
  [['ENETUNREACH', 'ECONNREFUSED'], 'unhealthy', 'refuses connections'],
  [['ETIMEDOUT', 'ECONNREFUSED'], 'unhealthy', 'refuses connections'],
  [['ENETUNREACH', 'ETIMEDOUT'], 'unknown', 'no route'],
  [['ETIMEDOUT', 'EHOSTUNREACH'], 'unknown', 'within 5 s'],
])('of several addresses with %j, the one that was reached decides: %s', (codes, verdict, seen) => {
  const measured = explained('connect', new AggregateError(codes.map((code) => failed(code))));
  expect(measured).toEqual({ verdict, seen: expect.stringContaining(seen) });
});

it('what nobody foresaw is unknown, in its own words', () => {
  expect(explainFailure(new TypeError('Invalid character'), 5000)).toEqual({
    verdict: 'unknown',
    seen: 'Invalid character',
  });
});
