import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Reporter } from '@gitops/core';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readStatus } from './read-status.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'read-status-'));
});
afterEach(() => rm(folder, { recursive: true }));

const SILENT: Reporter = {
  mask: () => undefined,
  redact: (text) => text,
  say: () => undefined,
  findings: () => undefined,
  group: (_, work) => work(),
  detail: () => undefined,
};

/** A port of this machine that nobody listens on. */
async function closedPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const bound = server.address();
  server.close();
  await once(server, 'close');
  return typeof bound === 'object' && bound ? bound.port : 9;
}

/** Commits an environment `lab` with a target at each of these ports. */
async function commitEnvironment(ports: Readonly<Record<string, number>>): Promise<void> {
  const target = ([name, port]: [string, number]) =>
    `  ${name}: { kind: docker, host: 127.0.0.1, port: ${port}, user: gitops, stateDir: /var/lib/gitops }\n`;
  const stacks = Object.keys(ports).map((name) => `  - { name: ${name}, path: ., target: ${name} }\n`);
  const targets = Object.entries(ports).map(target);
  const environment = join(folder, 'environments/lab');
  await mkdir(environment, { recursive: true });
  await writeFile(join(folder, 'gitops.yml'), 'apiVersion: gitops/v1\nname: shop\n');
  await writeFile(join(environment, 'compose.yaml'), 'services:\n  web:\n    image: example/web:1\n');
  await writeFile(
    join(environment, 'environment.yml'),
    `apiVersion: gitops/v1\ntargets:\n${targets.join('')}stacks:\n${stacks.join('')}`,
  );
  const author = ['-c', 'user.name=Lab', '-c', 'user.email=lab@example.com'];
  for (const words of [
    ['init', '-q'],
    ['add', '.'],
    [...author, 'commit', '-q', '-m', 'One'],
  ]) {
    execFileSync('git', words, { cwd: folder });
  }
}

async function key() {
  const path = join(folder, '.git', 'key');
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', path]);
  return { source: 'key', text: await readFile(path, 'utf8'), passphrase: '' };
}

test('the status of a host that cannot be reached is its error, beside those of the others', async () => {
  const ports = { alpha: await closedPort(), beta: await closedPort() };
  await commitEnvironment(ports);
  const credentials = { keys: [await key()], knownHosts: '', knownHostsSource: '' };
  const reports = await readStatus(folder, 'lab', credentials, SILENT, new AbortController().signal);
  expect(
    reports.map(({ scope, error }) => [scope.target.name, error?.message.split(':').slice(0, 2).join(':')]),
  ).toEqual([
    ['alpha', `Could not connect to 127.0.0.1:${ports.alpha}`],
    ['beta', `Could not connect to 127.0.0.1:${ports.beta}`],
  ]);
});

test('what is wrong in the repository is thrown', async () => {
  await commitEnvironment({ alpha: 70_000 });
  const credentials = { keys: [await key()], knownHosts: '', knownHostsSource: '' };
  await expect(readStatus(folder, 'lab', credentials, SILENT, new AbortController().signal)).rejects.toMatchObject({
    code: 'configuration',
  });
});
