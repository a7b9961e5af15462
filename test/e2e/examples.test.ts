import { readFile } from 'node:fs/promises';
import { type ClientRequest, request as plain } from 'node:http';
import { request as secure } from 'node:https';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { type ActionResult, runAction } from '../lab/action-runner.ts';
import { runCommand } from '../lab/command.ts';
import { startContainerHost } from '../lab/container-host.ts';
import { type OwnedMachine, startMachine } from '../lab/container-machine.ts';
import { createExampleRepository, exampleEnvironments } from '../lab/example-repository.ts';
import type { TestRepository } from '../lab/git-repository.ts';
import type { LabHost } from '../lab/lab-host.ts';
import { supplySoftware } from '../lab/software-images.ts';

interface Site {
  readonly environment: string;
  readonly name: string;
  readonly port: number;
  /** The container. */
  readonly database: string;
}

const production: Site = {
  environment: 'production',
  name: 'reader.example.com',
  port: 80,
  database: 'production-reader-db-1',
};
const staging: Site = {
  environment: 'staging',
  name: 'reader.staging.example.com',
  port: 8080,
  database: 'staging-reader-db-1',
};
const development: Site = {
  environment: 'development',
  name: 'reader.development.example.com',
  port: 9080,
  database: 'infrastructure-development-db-1',
};
const sites = [production, staging, development];

const deployAction = join(import.meta.dirname, '..', '..', 'actions', 'deploy');
const closing = new AsyncDisposableStack();
let machine: OwnedMachine;
let host: LabHost;
let address: string;
let repository: TestRepository;

/** All environments go to one machine: none takes a port or a name that another one has. */
beforeAll(async () => {
  machine = closing.use(await startMachine());
  host = closing.use(await startContainerHost(machine, { user: 'gitops' }));
  const format = '{{.NetworkSettings.IPAddress}}';
  address = await runCommand('docker', ['inspect', '--format', format, machine.name]);
  await machine.run(['install', '-d', '-m', '0700', '-o', 'gitops', '/var/lib/gitops']);
  await supplySoftware(machine, {
    'caddy:2.11.4': 'caddy',
    'postgres:17.12': 'postgres',
    'ghcr.io/miniflux/miniflux:2.2.6': 'miniflux',
    'ghcr.io/miniflux/miniflux:2.3.4': 'miniflux-next',
  });
  repository = closing.use(await createExampleRepository(forTheLab));
}, 1_800_000);

afterAll(() => closing.disposeAsync());

test('every environment is tried', () => {
  expect(sites.map(({ environment }) => environment).sort()).toEqual(exampleEnvironments);
});

test.each(sites)(
  '$environment is deployed as it stands, and a second time nothing changes',
  async (site) => {
    await deploy(site, 'deployed');
    expect(await get(site, '/healthcheck')).toEqual({ status: 200, body: 'OK' });
    expect(await query(site, 'SELECT username, is_admin FROM users')).toBe('admin|t');
    await deploy(site, 'unchanged');
  },
  900_000,
);

test('production answers by HTTPS, with a certificate of the authority that its proxy has made', async () => {
  const certificate = '/data/caddy/pki/authorities/local/root.crt';
  const ca = await machine.run(['docker', 'exec', 'production-edge-caddy-1', 'cat', certificate]);
  const headers = { host: production.name };
  const answer = await answerTo(secure({ host: address, servername: production.name, path: '/', ca, headers }));
  expect(answer.status).toBe(200);
  expect(answer.body).toContain('Miniflux');
});

test('production dumps its database into a folder of the host that all its releases share', async () => {
  const data = '/var/lib/gitops/infrastructure/production/data/production-reader';
  const dumps = `cat ${data}/environments/production/reader/backups/*.sql`;
  await vi.waitFor(async () => expect(await machine.run(['sh', '-c', dumps])).toContain('CREATE TABLE public.users'), {
    timeout: 60_000,
    interval: 500,
  });
});

test('production gets the version that staging has: its tables are migrated, and its data stays', async () => {
  await query(production, "INSERT INTO users (username, is_admin) VALUES ('reader', 'f')");
  const before = await query(production, 'SELECT version FROM schema_version');
  await promote();
  await deploy(production, 'deployed');
  expect(await query(production, 'SELECT username FROM users ORDER BY username')).toBe('admin\nreader');
  expect(Number(await query(production, 'SELECT version FROM schema_version'))).toBeGreaterThan(Number(before));
  expect(await get(production, '/healthcheck')).toEqual({ status: 200, body: 'OK' });
}, 900_000);

/** In place of DNS, and of the line that a user adds to known_hosts. Nothing else is changed. */
function forTheLab(files: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const key = machine.hostKey.split(' ').slice(0, 2).join(' ').trim();
  return Object.fromEntries(
    Object.entries(files).map(([path, content]) => {
      if (path.endsWith('/known_hosts')) return [path, `${content}${address} ${key}\n`];
      return [path, path.endsWith('/environment.yml') ? content.replaceAll('docker.example.com', address) : content];
    }),
  );
}

async function deploy({ environment }: Site, outcome: 'deployed' | 'unchanged'): Promise<void> {
  const inputs = { environment, 'ssh-private-key': host.privateKey };
  const { outputs, log }: ActionResult = await runAction(deployAction, { workspace: repository.path, inputs });
  expect([outputs['outcome'], outputs['verdict']], log).toEqual([outcome, 'healthy']);
}

async function promote(): Promise<void> {
  const path = 'environments/production/reader/compose.yaml';
  const content = await readFile(join(repository.path, path), 'utf8');
  await repository.write({ [path]: content.replace('miniflux:2.2.6', 'miniflux:2.3.4') });
  await repository.commit('Give production the version of staging');
}

function query({ database }: Site, statement: string): Promise<string> {
  const words = ['psql', '--username=miniflux', '--tuples-only', '--no-align', '--quiet', '--command', statement];
  return machine.run(['docker', 'exec', database, ...words]);
}

interface Answer {
  readonly status: number | undefined;
  readonly body: string;
}

function get({ name, port }: Site, path: string): Promise<Answer> {
  return answerTo(plain({ host: address, port, path, headers: { host: name } }));
}

function answerTo(request: ClientRequest): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  request.on('error', reject);
  request.on('response', (response) => {
    text(response).then((body) => resolve({ status: response.statusCode, body }), reject);
  });
  request.end();
  return promise;
}
