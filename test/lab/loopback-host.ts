import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { atExit } from './at-exit.ts';
import { runCommand } from './command.ts';
import { freePort, waitForBanner } from './loopback-port.ts';
import { createTemporaryDirectory } from './temporary-directory.ts';
import { descendantsOf, killTrackedProcesses, signalIfAlive, trackedProcesses } from './tracked-processes.ts';

/** A real SSH server on loopback that lands on this machine and its Docker Engine, with keys of its own. */
export interface LabHost extends AsyncDisposable {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  /** The user's private key as OpenSSH text. */
  readonly privateKey: string;
  /** The line that pins the host key. */
  readonly knownHosts: string;
  /** A fresh path, not yet created. */
  readonly stateDir: string;
  /** Arguments for `ssh`, up to and including the destination: append the command. */
  readonly sshArguments: readonly string[];
  /** What sshd has logged so far. */
  log(): Promise<string>;
  /** Ids of the processes started over SSH that still run, also those in sessions of their own. */
  processes(): number[];
  /** Kills sshd's end of every open connection, as a cut cable would; what runs behind it goes on. */
  cutConnections(): void;
  /** Ends the server, every connection and every process started through it, and removes keys and state. */
  stop(): Promise<void>;
}

/** `environment` is set in every session, over what sshd would set: `{ PATH: '…' }` puts a stand-in before a program. */
export interface LoopbackHostOptions {
  readonly environment?: Readonly<Record<string, string>>;
}

const address = '127.0.0.1';
/** Marks every process started over SSH, so that those that left their session are found too. */
const trackingVariable = 'GITOPS_LAB_HOST';
/**
 * bash reads ~/.bashrc in a session of sshd unless it believes to be within another shell. What this machine's user keeps
 * there must not slow a test down, nor be killed by one in the middle of something.
 */
const withoutBashrc = { SHLVL: '1' };

/** Starts an unprivileged sshd for the current user and returns when it greets. */
export async function startLoopbackHost(options: LoopbackHostOptions = {}): Promise<LabHost> {
  const directory = await createTemporaryDirectory('host');
  const trackingId = randomUUID();
  const [userKey, hostKey] = await Promise.all([createKey(directory.path, 'user'), createKey(directory.path, 'host')]);
  await writeFile(join(directory.path, 'authorized_keys'), userKey.public);
  const environment = { ...withoutBashrc, ...options.environment, [trackingVariable]: trackingId };
  const { port, server } = await startServer(directory.path, environment);
  const knownHosts = `[${address}]:${port} ${hostKey.public.split(' ').slice(0, 2).join(' ')}`;
  await writeFile(join(directory.path, 'known_hosts'), `${knownHosts}\n`);

  const forget = atExit(() => endServer(server, trackingId));
  const stop = async (): Promise<void> => {
    endServer(server, trackingId);
    if (server.exitCode === null && server.signalCode === null) await once(server, 'exit');
    forget();
    await directory[Symbol.asyncDispose]();
  };
  return {
    host: address,
    port,
    user: userInfo().username,
    privateKey: userKey.private,
    knownHosts,
    stateDir: join(directory.path, 'state'),
    sshArguments: sshArguments(directory.path, port),
    log: () => readFile(join(directory.path, 'sshd.log'), 'utf8'),
    processes: () => trackedProcesses(trackingVariable, trackingId),
    cutConnections: () => cutConnections(server, trackingId),
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

interface KeyPair {
  readonly private: string;
  readonly public: string;
}

async function createKey(directory: string, name: string): Promise<KeyPair> {
  const path = join(directory, name);
  await runCommand('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', `lab-${name}`, '-f', path]);
  return { private: await readFile(path, 'utf8'), public: await readFile(`${path}.pub`, 'utf8') };
}

interface StartedServer {
  readonly port: number;
  readonly server: ChildProcess;
}

/** Between the choice of a free port and sshd's bind another process may take it, hence the retries. */
async function startServer(directory: string, environment: Readonly<Record<string, string>>): Promise<StartedServer> {
  if (userInfo().uid === 0) await mkdir('/run/sshd', { recursive: true, mode: 0o755 });
  for (let attempt = 1; ; attempt++) {
    const port = await freePort(address);
    const server = await spawnServer(directory, port, environment);
    if (await waitForBanner(address, port, server)) return { port, server };
    const log = await readFile(join(directory, 'sshd.log'), 'utf8');
    if (attempt === 5) throw new Error(`sshd ended before it greeted on ${address}:${port}. Its log:\n${log}`);
  }
}

async function spawnServer(
  directory: string,
  port: number,
  environment: Readonly<Record<string, string>>,
): Promise<ChildProcess> {
  const configuration = join(directory, 'sshd_config');
  await writeFile(configuration, serverConfiguration(directory, port, environment));
  // sshd starts itself again for each connection and insists on an absolute path for that.
  const args = ['-D', '-f', configuration, '-E', join(directory, 'sshd.log')];
  const server = spawn('/usr/sbin/sshd', args, { stdio: 'ignore', detached: true });
  await once(server, 'spawn');
  return server;
}

function serverConfiguration(directory: string, port: number, environment: Readonly<Record<string, string>>): string {
  const variables = Object.entries(environment).map(([name, value]) => `"${name}=${value}"`);
  return `${[
    `ListenAddress ${address}:${port}`,
    `HostKey ${join(directory, 'host')}`,
    `AuthorizedKeysFile ${join(directory, 'authorized_keys')}`,
    'PidFile none',
    'UsePAM no',
    'StrictModes no',
    'PasswordAuthentication no',
    'PermitRootLogin prohibit-password',
    'MaxSessions 100',
    'MaxStartups 200',
    'LogLevel VERBOSE',
    `SetEnv ${variables.join(' ')}`,
  ].join('\n')}\n`;
}

function sshArguments(directory: string, port: number): readonly string[] {
  const options = [`UserKnownHostsFile=${join(directory, 'known_hosts')}`, 'IdentitiesOnly=yes', 'BatchMode=yes'];
  const flags = options.flatMap((option) => ['-o', option]);
  return [
    '-F',
    'none',
    '-i',
    join(directory, 'user'),
    '-p',
    String(port),
    ...flags,
    `${userInfo().username}@${address}`,
  ];
}

/** sshd's own processes do not carry the mark, so they are found as its children; the commands behind them do. */
function cutConnections(server: ChildProcess, trackingId: string): void {
  if (server.pid === undefined) return;
  const marked = new Set(trackedProcesses(trackingVariable, trackingId));
  for (const pid of descendantsOf(server.pid)) if (!marked.has(pid)) signalIfAlive(pid, 'SIGKILL');
}

function endServer(server: ChildProcess, trackingId: string): void {
  const sessions = server.pid === undefined ? [] : descendantsOf(server.pid);
  server.kill('SIGKILL');
  for (const pid of sessions) signalIfAlive(pid, 'SIGKILL');
  killTrackedProcesses(trackingVariable, trackingId);
}
