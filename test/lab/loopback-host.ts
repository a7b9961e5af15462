import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { atExit } from './at-exit.ts';
import type { LabHost, LabHostOptions } from './lab-host.ts';
import { freePort, waitForBanner } from './loopback-port.ts';
import { thisMachine } from './machine.ts';
import { plant } from './planted.ts';
import { createKey, knownHostsLine, sshArguments, userKey } from './ssh-login.ts';
import { createTemporaryDirectory } from './temporary-directory.ts';
import { runMark } from './test-run.ts';
import { descendantsOf, killTrackedProcesses, signalIfAlive, trackedProcesses } from './tracked-processes.ts';

const address = '127.0.0.1';
/** Marks every process started over SSH, so that those that left their session are found too. */
const trackingVariable = 'GITOPS_LAB_HOST';
/**
 * bash reads ~/.bashrc in a session of sshd unless it believes to be within another shell. What this machine's user keeps
 * there must not slow a test down, nor be killed by one in the middle of something.
 */
const withoutBashrc = { SHLVL: '1' };

/**
 * Starts an unprivileged sshd for the current user, which lands on this machine and its Docker Engine, and returns when it
 * greets.
 */
export async function startLoopbackHost(options: LabHostOptions = {}): Promise<LabHost> {
  const directory = await createTemporaryDirectory('host');
  const trackingId = randomUUID();
  const [key, hostKey] = await Promise.all([userKey(directory.path, options.key), createKey(directory.path, 'host')]);
  await writeFile(join(directory.path, 'authorized_keys'), key.public);
  const chosen = options.environment?.(directory.path);
  const environment = { ...withoutBashrc, ...chosen, ...runMark(), [trackingVariable]: trackingId };
  const { port, server } = await startServer(directory.path, environment);
  const knownHosts = knownHostsLine(address, port, hostKey.public);
  await writeFile(join(directory.path, 'known_hosts'), `${knownHosts}\n`);

  const user = userInfo().username;
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
    user,
    privateKey: plant(key.private),
    knownHosts,
    directory: directory.path,
    stateDir: join(directory.path, 'state'),
    sshArguments: sshArguments(directory.path, `${user}@${address}`, port),
    run: (argv, options) => thisMachine.run(argv, options),
    sh: (line, input) => thisMachine.run(['sh', '-c', line], { input }),
    log: () => readFile(join(directory.path, 'sshd.log'), 'utf8'),
    processes: async () => trackedProcesses(trackingVariable, trackingId),
    cutConnections: () => cutConnections(server, trackingId),
    stop,
    [Symbol.asyncDispose]: stop,
  };
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
