import { parseYamlFile } from '@gitops/core';
import { expect, test } from 'vitest';
import { drawFrom, pem } from '../testing/secret-samples.ts';
import { scanFiles } from './scan-files.ts';

/** A value that nobody would take for a placeholder. */
const PLANTED = 'q8Zk3vN1xW7tB5mR';

async function scan(path: string, text: string | Buffer): Promise<readonly string[]> {
  const findings = await scanFiles([{ path, content: Buffer.from(text) }]);
  return findings.map(({ severity, rule, file, line, column, message }) => {
    const place = [file, line, column].filter((part) => part !== undefined).join(':');
    return `${severity} ${rule} ${place} ${message}`;
  });
}

const clear = (name: string) => `\`${name}\` has its value written here in clear`;

test('values of environment: are found at their place, in both ways to write them', async () => {
  const text = `services:
  db:
    image: postgres:16
    environment:
      POSTGRES_PASSWORD: ${PLANTED}
      POSTGRES_PASSWORD_FILE: /run/secrets/db
      POSTGRES_USER: app
      TOKEN: \${TOKEN:?}
  web:
    environment:
      - API_TOKEN=${PLANTED}
      - "OTHER_TOKEN=\${OTHER}"
      - LOG=debug
    secrets: [db_password]
secrets:
  db_password: { file: ./secrets/db_password }
`;
  expect(await scan('compose.yaml', text)).toEqual([
    `warning secret/literal compose.yaml:5:26 ${clear('POSTGRES_PASSWORD')}`,
    `warning secret/literal compose.yaml:11:9 ${clear('API_TOKEN')}`,
  ]);
});

test('a file that is parsed already is not parsed again', async () => {
  const yaml = parseYamlFile('compose.yaml', `environment: { DB_PASSWORD: ${PLANTED} }\n`);
  const [finding] = await scanFiles([{ path: 'compose.yaml', content: Buffer.alloc(0), yaml }]);
  expect(finding).toMatchObject({ rule: 'secret/literal', line: 1, column: 29 });
});

test('options of commands are found', async () => {
  const text = `services:
  cache:
    command: redis-server --requirepass ${PLANTED}
  other:
    command: [server, --api-token, ${PLANTED}, --admin-token=${PLANTED}, --port, "80"]
    description: use --token VALUE to log in
`;
  expect(await scan('compose.yaml', text)).toEqual([
    `warning secret/literal compose.yaml:3:14 ${clear('requirepass')}`,
    `warning secret/literal compose.yaml:5:36 ${clear('api-token')}`,
    `warning secret/literal compose.yaml:5:54 ${clear('admin-token')}`,
  ]);
});

test('a variable of Kubernetes has its name beside its value', async () => {
  const text = `env:\n  - name: DB_PASSWORD\n    value: ${PLANTED}\n  - { name: A, value: b }\n`;
  expect(await scan('pod.yaml', text)).toEqual([`warning secret/literal pod.yaml:3:12 ${clear('DB_PASSWORD')}`]);
});

test('what stands behind an anchor is found once, and tags of other programs are left alone', async () => {
  const text = `x-env: &env\n  DB_PASSWORD: ${PLANTED}\na: { <<: *env }\nb: *env\nha: { password: !secret ${PLANTED} }\n`;
  expect(await scan('a.yaml', text)).toEqual([`warning secret/literal a.yaml:2:16 ${clear('DB_PASSWORD')}`]);
});

test('YAML of several documents is read line by line', async () => {
  expect(await scan('all.yaml', `a: 1\n---\nstringData:\n  password: "${PLANTED}" # x\n`)).toEqual([
    `warning secret/literal all.yaml:4:13 ${clear('password')}`,
  ]);
});

test('an env file with a secret is told of as a whole too', async () => {
  const text = `# of production\nTAG=1.25\nexport DB_PASSWORD='${PLANTED}' # old\nTOKEN=\nKEY_FILE=/run/secrets/x\n`;
  expect(await scan('environments/production/.env', text)).toEqual([
    `warning secret/literal environments/production/.env:3:20 ${clear('DB_PASSWORD')}`,
    'warning secret/plaintext-file environments/production/.env an env file with secrets is in git in clear',
  ]);
  expect(await scan('.env', 'TAG=1.25\nHOST=web.example.com\n')).toEqual([]);
  expect(await scan('.env.example', `DB_PASSWORD=${PLANTED}\n`)).toEqual([]);
});

test('a file is an env file where Compose reads it as one', async () => {
  const file = { path: 'settings.txt', content: Buffer.from(`DB_PASSWORD=${PLANTED}\n`) };
  expect(await scanFiles([file])).toEqual([]);
  const findings = await scanFiles([file], { envFiles: new Set(['settings.txt']) });
  expect(findings.map(({ rule }) => rule)).toEqual(['secret/literal', 'secret/plaintext-file']);
});

test('a password in an address is found in any text, and once', async () => {
  const text = `services:\n  web:\n    environment:\n      DB_PASSWORD_DSN: postgres://app:${PLANTED}@db/app\n`;
  expect(await scan('compose.yaml', text)).toEqual([
    'warning secret/literal compose.yaml:4:24 an address `postgres://…` has its password written here in clear',
  ]);
  expect(await scan('README.md', `\`redis://:${PLANTED}@cache\``)).toHaveLength(1);
});

test('a default that is a secret is found in Compose files and shell scripts', async () => {
  const text = `command: serve --token \${API_TOKEN:-${PLANTED}}\n`;
  const found = (path: string, at: string) =>
    `warning secret/default-value ${path}:${at} \`API_TOKEN\` has a secret as its default, which is taken wherever nobody sets it`;
  expect(await scan('compose.yaml', text)).toEqual([found('compose.yaml', '1:24')]);
  expect(await scan('run.sh', text)).toEqual([found('run.sh', '1:24')]);
  expect(await scan('notes.md', text)).toEqual([]);
});

test.each([
  ['age.agekey', () => `AGE-SECRET${'-KEY-1'}${drawFrom(1)(58, 'QPZRY9X8')}`, 'error secret/private-key'],
  ['id_ed25519', () => pem('OPENSSH ', drawFrom(1)), 'error secret/private-key'],
  ['id_ed25519', () => `-----BEGIN OPENSSH PRIV${'ATE KEY-----'}\n(in a vault)\n`, 'warning secret/plaintext-file'],
  ['tls/server.key', () => `-----BEGIN ENCRYPTED PRIV${'ATE KEY-----'}\nMII\n`, 'warning secret/plaintext-file'],
  ['.netrc', () => 'machine example.com login me', 'warning secret/plaintext-file'],
  ['secrets/db_password.txt', () => `${PLANTED}\n`, 'warning secret/plaintext-file'],
])('%s in git is told of', async (path, make, expected) => {
  const found = await scan(path, make());
  expect(found).toHaveLength(1);
  expect(found[0]?.startsWith(expected)).toBe(true);
});

test.each([
  ['id_ed25519.pub', 'ssh-ed25519 AAAA me@example.com'],
  ['ca.pem', '-----BEGIN CERTIFICATE-----\nMII\n'],
  ['keys.txt', 'the keys are in the vault'],
  ['keys.txt', `age1${'q'.repeat(58)}`],
  ['keynote.key', 'a presentation'],
  ['secrets/db_password.txt', 'changeme\n'],
  ['secrets/db_password.txt', 'see the vault\n'],
  ['secrets/db_password.example.txt', `${PLANTED}\n`],
  ['token.ts', `${PLANTED}\n`],
])('%s that holds nothing secret is not', async (path, text) => {
  expect(await scan(path, text)).toEqual([]);
});

test('what was not searched is said', async () => {
  const binary = Buffer.from([0x89, 0x50, 0, 0]);
  const files = ['a.png', 'b.png', 'c.png', 'd.png'].map((path) => ({ path, content: binary }));
  const findings = await scanFiles([...files, { path: 'store.p12', content: binary }]);
  expect(findings.map(({ severity, rule, message }) => `${severity} ${rule} ${message}`)).toEqual([
    'warning secret/plaintext-file a key store is in git in clear',
    'info secret/not-searched not searched for secrets, being no text or larger than 4 MB: `a.png`, `b.png`, `c.png`, 2 more',
  ]);
});

test.each(['package-lock.json', 'pnpm-lock.yaml', 'yarn.lock', 'go.sum', '.terraform.lock.hcl'])(
  '%s is not searched',
  async (path) => {
    expect(await scan(path, `token: ghp${'_'}${drawFrom(1)(36)}`)).toEqual([]);
  },
);

test('of what SOPS has encrypted nothing is told, but of a token that stands beside it', async () => {
  const sops = `DB_PASSWORD=ENC[AES256_GCM,data:AIza${drawFrom(2)(35)},iv:x,tag:y,type:str]\nPLAIN_PASSWORD=${PLANTED}\nsops_version=3.13.2\nsops_mac=x\n`;
  expect(await scan('.env.encrypted', sops)).toEqual([]);
  expect(await scan('.env', `# ghp${'_'}${drawFrom(1)(36)}\n${sops}`)).toEqual([
    'error secret/token .env:1:3 a token of GitHub is written here in clear',
  ]);
});

test('a comment behind a line, or alone above it, switches a rule off there', async () => {
  const line = `DB_PASSWORD: ${PLANTED}`;
  expect(await scan('a.yaml', `${line} # gitops-ignore secret/literal -- of a test\n`)).toEqual([]);
  expect(await scan('a.yaml', `# gitops-ignore config/x, secret/literal\n${line}\n`)).toEqual([]);
  expect(await scan('a.yaml', `${line} # gitops-ignore secret/token\n`)).toHaveLength(1);
  expect(await scan('a.yaml', `${line} # gitops-ignore\n`)).toHaveLength(1);
  expect(await scan('a.yaml', `A: gitops-ignore secret/literal\n${line}\n`)).toHaveLength(1);
});
