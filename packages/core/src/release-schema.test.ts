import * as v from 'valibot';
import { expect, test } from 'vitest';
import type { ProbeSpec } from './model.ts';
import { ReleaseSchema } from './release-schema.ts';

const RELEASE = {
  name: '3-abcdef0',
  number: 3,
  commit: 'abcdef0',
  ancestors: [],
  inputsDigest: '',
  createdAt: '',
  actor: '',
  composeVersion: '',
  engineVersion: '',
  verdict: 'healthy',
  desired: {
    stacks: [],
    services: [],
    networks: [],
    volumes: [],
    objects: [],
    data: [],
    inactiveServices: [],
    hostPaths: [],
  },
  desiredDigest: '',
};

const BEFORE: readonly ProbeSpec[] = [
  { name: 'a', kind: 'http', url: 'http://a.example.com' },
  { name: 'b', kind: 'http', url: 'http://a.example.com', status: 204, body: 'ok' },
  { name: 'c', kind: 'tcp', host: 'a.example.com', port: 5432 },
];
const NOW: readonly ProbeSpec[] = [
  {
    name: 'a',
    kind: 'http',
    url: 'https://192.0.2.10',
    headers: { Host: 'a.example.com' },
    timeoutMs: 500,
    redirects: true,
    tls: { ca: 'PEM', verify: true },
    status: [200, 204],
    answerHeaders: { 'X-Version': '2' },
    body: 'ok',
  },
  { name: 'c', kind: 'tcp', host: '2001:db8::1', port: 5432, timeoutMs: 500 },
];

test.each([
  ['before headers, TLS and timeouts', BEFORE],
  ['now', NOW],
])('probes as they are recorded %s are read back whole', (_, probes) => {
  const health = { deadlineMs: 1, stabilityMs: 1, confirmTimeoutMs: 1, probes };
  expect(v.parse(ReleaseSchema, JSON.parse(JSON.stringify({ ...RELEASE, health }))).health).toEqual(health);
});
