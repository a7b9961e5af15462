import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import type { RepositoryView } from '../repository-view.ts';
import { loadEnvironment } from './load-environment.ts';

const [KEY = '', CERTIFICATE = ''] = execFileSync(
  'openssl',
  [
    'req',
    '-x509',
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:P-256',
    '-nodes',
    '-subj',
    '/CN=Trial',
    '-keyout',
    '-',
  ],
  { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] },
).split(/(?=-----BEGIN CERTIFICATE)/);

const FILES = { 'gitops.yml': 'apiVersion: gitops/v1\nname: infrastructure\n' };
const ENVIRONMENT = `apiVersion: gitops/v1
targets: { docker: { kind: docker, host: docker.example.com, user: gitops } }
health:
  deadline: 10s
  probes:
`;

/** The port needs no disk here: its real implementation has tests of its own. */
async function load(probes: string, files: Readonly<Record<string, string>> = {}) {
  const all: Readonly<Record<string, string>> = {
    ...FILES,
    'environments/production/environment.yml': ENVIRONMENT + probes,
    ...files,
  };
  const view: RepositoryView = {
    root: '/',
    commit: '0'.repeat(40),
    prefix: '',
    ancestors: [],
    uncommitted: [],
    paths: async () => [],
    list: async () => [],
    stat: async (path) => (path in all ? 'file' : undefined),
    read: async (path) => Buffer.from(all[path] ?? ''),
    isExecutable: async () => false,
  };
  return loadEnvironment(view, 'production');
}

function web(ca: string): string {
  return `    - { name: web, http: "https://a.example.com", tls: { ca: ${ca} } }\n`;
}

test.each([
  ['ca.pem', 'environments/production/ca.pem'],
  ['../../authorities/ca.pem', 'authorities/ca.pem'],
])('the text of %s goes into the health spec, certificates alone', async (ca, path) => {
  const text = `subject=Trial\n${CERTIFICATE}\nand another\n${CERTIFICATE}`;
  const { environment, findings } = await load(web(ca), { [path]: text });
  expect(findings).toEqual([]);
  expect(environment?.health.probes).toEqual([
    {
      name: 'web',
      kind: 'http',
      url: 'https://a.example.com',
      tls: { ca: `${CERTIFICATE.trim()}\n${CERTIFICATE.trim()}\n` },
    },
  ]);
});

test.each<[ca: string, text: string, finding: string]>([
  ['gone.pem', CERTIFICATE, 'there is no file `environments/production/gone.pem` → add it, or correct the path'],
  [
    '../../../ca.pem',
    CERTIFICATE,
    '`../../../ca.pem` leaves the repository → write a path relative to this file that stays',
  ],
  ['/etc/ca.pem', CERTIFICATE, '`/etc/ca.pem` leaves the repository → write a path relative to this file that stays'],
  ['ca.pem', 'nothing', '`environments/production/ca.pem` holds no certificate → write it in PEM'],
  [
    'ca.pem',
    'x'.repeat(65_537),
    '`environments/production/ca.pem` is larger than 64 KiB → keep the authorities you need',
  ],
  [
    'ca.pem',
    `${KEY}${CERTIFICATE}`,
    '`environments/production/ca.pem` holds a private key → keep the certificates alone, and replace',
  ],
  [
    'ca.pem',
    '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----',
    "`environments/production/ca.pem` holds a certificate that can't be read: ",
  ],
])('%s is refused at its place', async (ca, text, finding) => {
  const { environment, findings } = await load(web(ca), { 'environments/production/ca.pem': text });
  expect(environment).toBeUndefined();
  expect(findings.map(({ line, column, severity }) => `${line}:${column} ${severity}`)).toEqual(['6:62 error']);
  expect(findings.map(({ message, remedy }) => `${message} → ${remedy}`)[0]).toContain(finding);
});

test('two probes of one name, and a look that takes longer than all of them may, are refused', async () => {
  const { environment, findings } = await load(
    '    - { name: web, tcp: "a:1", timeout: 11s }\n    - { name: web, tcp: "b:1", timeout: 10s }\n',
  );
  expect(environment).toBeUndefined();
  expect(findings.map(({ line, column, message }) => `${line}:${column} ${message}`)).toEqual([
    '6:41 one look would take longer than `health.deadline` lets all of them',
    '7:15 there is a probe `web` already',
  ]);
});
