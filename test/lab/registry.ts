import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { atExit } from './at-exit.ts';
import { runCommand } from './command.ts';
import { freePort } from './loopback-port.ts';
import { createTemporaryDirectory, type TemporaryDirectory } from './temporary-directory.ts';

const address = '127.0.0.1';

/** A real registry on loopback, which Docker may use without TLS. Whoever pulls has to log in. */
export class LabRegistry implements AsyncDisposable {
  /** As in image names. */
  readonly host: string;
  readonly username = 'robot';
  readonly password: string;
  readonly #directory: TemporaryDirectory;
  readonly #pushed = new Set<string>();
  #server: ChildProcess | undefined;
  #forget = (): void => {};

  constructor(directory: TemporaryDirectory, port: number, password: string) {
    this.#directory = directory;
    this.host = `${address}:${port}`;
    this.password = password;
  }

  /** Lets it answer; what was pushed before is still there. */
  async start(): Promise<void> {
    const server = spawn('docker-registry', ['serve', join(this.#directory.path, 'config.yml')], { stdio: 'ignore' });
    this.#server = server;
    this.#forget = atExit(() => server.kill('SIGKILL'));
    await once(server, 'spawn');
    while (!(await isOpen(this.host))) {
      if (server.exitCode !== null) throw new Error(`docker-registry ended with ${server.exitCode} on ${this.host}`);
      await sleep(20);
    }
  }

  /** From now on connections are refused. */
  async stop(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    if (!server || server.exitCode !== null || server.signalCode !== null) return;
    server.kill('SIGKILL');
    await once(server, 'exit');
    this.#forget();
  }

  /** Pushes a local image as `NAME:TAG` and takes that name away from this machine. Returns the reference to pull it by. */
  async push(image: string, name: string): Promise<string> {
    const reference = `${this.host}/${name}`;
    this.#pushed.add(reference);
    await runCommand('docker', ['tag', image, reference]);
    await runCommand('docker', ['--config', this.#directory.path, 'push', '--quiet', reference]);
    await runCommand('docker', ['rmi', reference]);
    return reference;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
    for (const reference of this.#pushed) {
      const id = await runCommand('docker', ['images', '--quiet', reference]);
      if (id !== '') await runCommand('docker', ['rmi', reference]);
    }
    await this.#directory[Symbol.asyncDispose]();
  }
}

/** Starts an empty registry with one user. */
export async function startRegistry(): Promise<LabRegistry> {
  const directory = await createTemporaryDirectory('registry');
  const port = await freePort(address);
  const registry = new LabRegistry(directory, port, randomBytes(12).toString('hex'));
  const { host, username, password } = registry;
  await writeFile(join(directory.path, 'config.yml'), configuration(directory.path, host));
  await writeFile(join(directory.path, 'htpasswd'), `${username}:${await bcrypt(password)}\n`);
  const auth = Buffer.from(`${username}:${password}`).toString('base64');
  await writeFile(join(directory.path, 'config.json'), JSON.stringify({ auths: { [host]: { auth } } }));
  await registry.start();
  return registry;
}

function configuration(directory: string, host: string): string {
  return JSON.stringify({
    version: 0.1,
    log: { level: 'error' },
    storage: { filesystem: { rootdirectory: join(directory, 'storage') } },
    http: { addr: host },
    auth: { htpasswd: { realm: 'lab', path: join(directory, 'htpasswd') } },
  });
}

/** The registry takes no other hash; of what every Debian has, only perl makes it. */
async function bcrypt(password: string): Promise<string> {
  const salt = (await readFile('/proc/sys/kernel/random/uuid', 'utf8')).replaceAll('-', '').slice(0, 21);
  return runCommand('perl', ['-e', 'print crypt($ARGV[0], "\\$2b\\$04\\$$ARGV[1]u")', password, salt]);
}

function isOpen(host: string): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const [, port] = host.split(':');
  const socket = connect(Number(port), address);
  socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
  return promise.finally(() => socket.destroy());
}
