import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { ConnectOptions } from '../connect.ts';

export type HostKeyType = 'ed25519' | 'rsa' | 'ecdsa';

/** An sshd of this machine on a port of its own, with keys of its own. */
export interface LocalSshd extends AsyncDisposable {
  readonly port: number;
  /** Options that log in; the overrides replace some of them. */
  options(overrides?: Partial<ConnectOptions>): ConnectOptions;
  /** `type base64` of a host key. */
  hostKey(type: HostKeyType): string;
  /** A private key that nobody is authorized by. */
  readonly strangerKey: string;
}

/** What one sshd of a test has in its configuration, beside the keys and the port. */
export interface SshdSetup {
  readonly hostKeys?: readonly HostKeyType[];
  readonly config?: readonly string[];
}

export async function startSshd(setup: SshdSetup = {}): Promise<LocalSshd> {
  const folder = mkdtempSync(join(tmpdir(), 'local-sshd-'));
  const hostKeys = setup.hostKeys ?? ['ed25519'];
  for (const type of hostKeys) makeKey(folder, `host_${type}`, type);
  makeKey(folder, 'user', 'ed25519');
  makeKey(folder, 'stranger', 'ed25519');
  const port = await freePort();
  const config = join(folder, 'sshd_config');
  writeFileSync(config, configuration(folder, port, hostKeys, setup.config ?? []));
  const stop = await startDaemon(config);
  const read = (name: string) => readFileSync(join(folder, name), 'utf8');
  const hostKey = (type: HostKeyType) => read(`host_${type}.pub`).split(' ').slice(0, 2).join(' ');
  return {
    port,
    hostKey,
    strangerKey: read('stranger'),
    options: (overrides) => ({
      host: '127.0.0.1',
      port,
      user: userInfo().username,
      privateKey: read('user'),
      knownHosts: hostKeys.map((type) => `[127.0.0.1]:${port} ${hostKey(type)}\n`).join(''),
      ...overrides,
    }),
    [Symbol.asyncDispose]: async () => {
      await stop();
      rmSync(folder, { recursive: true });
    },
  };
}

function makeKey(folder: string, name: string, type: HostKeyType): void {
  execFileSync('ssh-keygen', ['-q', '-t', type, '-N', '', '-C', name, '-f', join(folder, name)]);
}

function configuration(
  folder: string,
  port: number,
  hostKeys: readonly HostKeyType[],
  more: readonly string[],
): string {
  return [
    `Port ${port}`,
    'ListenAddress 127.0.0.1',
    ...hostKeys.map((type) => `HostKey ${join(folder, `host_${type}`)}`),
    `AuthorizedKeysFile ${join(folder, 'user.pub')}`,
    'PidFile none',
    'StrictModes no',
    'UsePAM no',
    'PermitRootLogin yes',
    'PasswordAuthentication no',
    ...more,
    '',
  ].join('\n');
}

// sshd wants this folder when it runs as root, and only its service unit makes it.
function makePrivilegeSeparationFolder(): void {
  if (process.getuid?.() === 0) mkdirSync('/run/sshd', { recursive: true, mode: 0o755 });
}

async function startDaemon(config: string): Promise<() => Promise<void>> {
  makePrivilegeSeparationFolder();
  const daemon = spawn('/usr/sbin/sshd', ['-D', '-e', '-f', config], { stdio: ['ignore', 'ignore', 'pipe'] });
  const exited = once(daemon, 'exit');
  const log: string[] = [];
  for await (const line of createInterface({ input: daemon.stderr })) {
    log.push(line);
    if (line.startsWith('Server listening')) break;
  }
  daemon.stderr.resume();
  if (daemon.exitCode !== null) throw new Error(`sshd did not start: ${log.join('\n')}`);
  return async () => {
    daemon.kill();
    await exited;
  };
}

/** A port of 127.0.0.1 that nothing listens on. */
export async function freePort(): Promise<number> {
  const server = createServer();
  const port = await listen(server);
  server.close();
  await once(server, 'close');
  return port;
}

/** Lets a server listen on 127.0.0.1 and tells its port. */
export async function listen(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return portOf(server.address());
}

function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === 'string') throw new Error(`no port in ${address}`);
  return address.port;
}
