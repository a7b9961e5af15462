import { expect, test } from 'vitest';
import { readEnvironmentFile } from './read-configuration.ts';

const FRAME = `apiVersion: gitops/v1
targets: { docker: { kind: docker, host: docker.example.com, user: gitops } }
health: { probes: [{ name: web, `;

function findingsOf(keys: string): string[] {
  const { findings } = readEnvironmentFile('environment.yml', `${FRAME}${keys} }] }\n`);
  return findings.map(({ message, remedy }) => `${message.replaceAll('health.probes[0]', 'it')} → ${remedy}`);
}

test.each([
  'http: "https://a.example.com"',
  'http: "http://[2001:db8::1]:8080/health?full=1", headers: { Host: "docs.example.com:8080", X-Probe: "" }',
  'http: "https://a.example.com", expect: { status: [200, 301], headers: { Location: "" }, body: "true" }',
  'http: "http://a.example.com", redirects: true, tls: { ca: ca.pem, verify: true }',
  'http: "https://a.example.com", redirects: true, expect: { status: [200, 304] }, timeout: 500ms',
  'tcp: "[2001:db8::1]:5432", timeout: 2s',
])('%s is good', (keys) => {
  expect(findingsOf(keys)).toEqual([]);
});

test.each<[keys: string, ...findings: string[]]>([
  ['http: "https://a.example.com", header: {}', 'unknown key `header` → did you mean `headers`?'],
  ['http: "https://a.example.com", tls: { cafile: x }', 'unknown key `cafile` → use one of `ca`, `verify`'],
  ['http: "https://a.example.com", expect: { stauts: 200 }', 'unknown key `stauts` → did you mean `status`?'],
  [
    'http: "https://ada:secret@a.example.com"',
    '`it.http` is "https://ada:secret@a.example.com", holds a user or a password, which reports would show → remove it',
  ],
  [
    'tcp: "[:::]:5432"',
    '`it.tcp` is "[:::]:5432" → write `host:port` with a port from 1 to 65535, and an IPv6 address in brackets: `[2001:db8::1]:5432`',
  ],
  [
    'tcp: "a:1", headers: {}, tls: {}',
    '`headers` says nothing of `tcp` → remove `headers`',
    '`tls` says nothing of `tcp` → remove `tls`',
  ],
  [
    'tcp: "a:1", expect: {}, redirects: false',
    '`redirects` says nothing of `tcp` → remove `redirects`',
    '`expect` says nothing of `tcp` → remove `expect`',
  ],
  [
    'http: "http://a", tls: { verify: false }',
    '`tls` says nothing of an http:// address → remove `tls`, or write https://',
  ],
  [
    'http: "https://a", tls: { verify: false, ca: ca.pem }',
    '`ca` has no effect with `verify: false` → remove one of the two',
  ],
  [
    'http: "https://a", redirects: true, expect: { status: 301 }',
    'with `redirects` no last answer is 301 → remove one of the two',
  ],
  [
    'http: "https://a", expect: { status: [200, 999] }',
    '`it.expect.status[1]` is 999 → write an HTTP status from 200 to 599, or a list of them',
  ],
  [
    'http: "https://a", expect: { status: [] }',
    '`it.expect.status` is a list → write an HTTP status from 200 to 599, or a list of them',
  ],
  [
    'http: "https://a", expect: { status: 2xx }',
    '`it.expect.status` is "2xx" → write an HTTP status from 200 to 599, or a list of them',
  ],
  [
    'http: "https://a", headers: { Content-Length: "5" }',
    '`it.headers.Content-Length` is "Content-Length", belongs to the connection, not to the request → remove it',
  ],
  ['http: "https://a", headers: { "X Probe": a }', '`it.headers.X Probe` is "X Probe" → write the name of a header'],
  [
    'http: "https://a", headers: { X-Probe: "a\\nb" }',
    '`it.headers.X-Probe` is "a\\nb" → write one line of plain ASCII',
  ],
  [
    'http: "https://a", headers: { Host: a, host: b }',
    '`it.headers` is a mapping, names a header twice → keep one; upper and lower case are the same',
  ],
  [
    'http: "https://a", headers: { host: "a/b" }',
    '`it.headers` is a mapping → write a `Host` as `name` or `name:port`',
  ],
  [
    'http: "https://a", headers: { host: 999.1.1.1 }',
    '`it.headers` is a mapping → write a `Host` as `name` or `name:port`',
  ],
  [
    'http: "https://a", headers: { X-Probe: 2 }',
    '`it.headers.X-Probe` is 2 → write text (in quotes, if it looks like a number or is empty)',
  ],
  ['http: "https://a", redirects: 5', '`it.redirects` is 5 → write `true` or `false`'],
  ['http: "https://a", timeout: 0s', '`it.timeout` is "0s" → write more than zero, e.g. `60s`'],
])('%s is refused', (keys, ...findings) => {
  expect(findingsOf(keys)).toEqual(findings);
});
