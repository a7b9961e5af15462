import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
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
  /** Lets another key log in, given as a line of a `.pub` file. */
  authorize(publicKey: string): void;
  /** The processes of sshd that serve connections. */
  sessions(): number[];
  /** The private key that logs in. */
  readonly userKey: string;
  /** A private key that nobody is authorized by. */
  readonly strangerKey: string;
}

/** What one sshd of a test has in its configuration, beside the keys and the port. */
export interface SshdSetup {
  readonly hostKeys?: readonly HostKeyType[];
  readonly config?: readonly string[];
  /** Makes `NAME-cert.pub` beside each `NAME.pub`, the public part of a host key. */
  readonly certify?: (publicKeyFile: string) => void;
  /** Where it listens; 127.0.0.1 by default. */
  readonly address?: string;
}

export async function startSshd(setup: SshdSetup = {}): Promise<LocalSshd> {
  const folder = mkdtempSync(join(tmpdir(), 'local-sshd-'));
  const hostKeys = setup.hostKeys ?? ['ed25519'];
  for (const type of hostKeys) {
    makeKey(folder, `host_${type}`, type);
    setup.certify?.(join(folder, `host_${type}.pub`));
  }
  makeKey(folder, 'user', 'ed25519');
  makeKey(folder, 'stranger', 'ed25519');
  const { address = '127.0.0.1' } = setup;
  const port = await freePort(address);
  const config = join(folder, 'sshd_config');
  writeFileSync(config, configuration(folder, port, hostKeys, setup));
  const daemon = await startDaemon(config);
  const read = (name: string) => readFileSync(join(folder, name), 'utf8');
  const hostKey = (type: HostKeyType) => read(`host_${type}.pub`).split(' ').slice(0, 2).join(' ');
  return {
    port,
    hostKey,
    authorize: (publicKey) => appendFileSync(join(folder, 'user.pub'), `${publicKey.trim()}\n`),
    sessions: () => sessionsOf(daemon.pid),
    userKey: read('user'),
    strangerKey: read('stranger'),
    options: (overrides) => ({
      host: address,
      port,
      user: userInfo().username,
      keys: [{ text: read('user') }],
      knownHosts: hostKeys.map((type) => `[${address}]:${port} ${hostKey(type)}\n`).join(''),
      ...overrides,
    }),
    [Symbol.asyncDispose]: async () => {
      await daemon.stop();
      rmSync(folder, { recursive: true });
    },
  };
}

function makeKey(folder: string, name: string, type: HostKeyType): void {
  // Larger keys of RSA take a loaded machine many seconds to make.
  const size = type === 'rsa' ? ['-b', '2048'] : [];
  execFileSync('ssh-keygen', ['-q', '-t', type, ...size, '-N', '', '-C', name, '-f', join(folder, name)]);
}

function configuration(
  folder: string,
  port: number,
  hostKeys: readonly HostKeyType[],
  { address = '127.0.0.1', config = [], certify }: SshdSetup,
): string {
  return [
    `Port ${port}`,
    `ListenAddress ${address}`,
    ...hostKeys.map((type) => `HostKey ${join(folder, `host_${type}`)}`),
    ...(certify ? hostKeys.map((type) => `HostCertificate ${join(folder, `host_${type}-cert.pub`)}`) : []),
    `AuthorizedKeysFile ${join(folder, 'user.pub')}`,
    'PidFile none',
    'StrictModes no',
    'UsePAM no',
    'PermitRootLogin yes',
    'PasswordAuthentication no',
    ...config,
    '',
  ].join('\n');
}

// sshd wants this folder when it runs as root, and only its service unit makes it.
function makePrivilegeSeparationFolder(): void {
  if (process.getuid?.() === 0) mkdirSync('/run/sshd', { recursive: true, mode: 0o755 });
}

interface Daemon {
  readonly pid: number;
  stop(): Promise<void>;
}

async function startDaemon(config: string): Promise<Daemon> {
  makePrivilegeSeparationFolder();
  const daemon = spawn('/usr/sbin/sshd', ['-D', '-e', '-f', config], { stdio: ['ignore', 'ignore', 'pipe'] });
  const exited = once(daemon, 'exit');
  const log: string[] = [];
  for await (const line of createInterface({ input: daemon.stderr })) {
    log.push(line);
    if (line.startsWith('Server listening')) break;
  }
  daemon.stderr.resume();
  if (daemon.exitCode !== null || !daemon.pid) throw new Error(`sshd did not start: ${log.join('\n')}`);
  const stop = async () => {
    daemon.kill();
    await exited;
  };
  return { pid: daemon.pid, stop };
}

/** The program is called `sshd` or `sshd-session`; what it runs for a user is called otherwise. */
function sessionsOf(pid: number): number[] {
  return childrenOf(pid).flatMap((child) => (isSshd(child) ? [child, ...sessionsOf(child)] : []));
}

function childrenOf(pid: number): number[] {
  return readIfThere(`/proc/${pid}/task/${pid}/children`).split(' ').filter(Boolean).map(Number);
}

function isSshd(pid: number): boolean {
  return readIfThere(`/proc/${pid}/comm`).startsWith('sshd');
}

function readIfThere(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

/** A port that nothing listens on. */
export async function freePort(address = '127.0.0.1'): Promise<number> {
  const server = createServer();
  const port = await listen(server, address);
  server.close();
  await once(server, 'close');
  return port;
}

/** Lets a server listen and tells its port. */
export async function listen(server: Server, address = '127.0.0.1'): Promise<number> {
  server.listen(0, address);
  await once(server, 'listening');
  return portOf(server.address());
}

function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === 'string') throw new Error(`no port in ${address}`);
  return address.port;
}
