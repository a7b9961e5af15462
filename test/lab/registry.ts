import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { atExit } from './at-exit.ts';
import { runCommand } from './command.ts';
import type { ContainerMachine } from './container-machine.ts';
import { freePort } from './loopback-port.ts';
import type { Machine } from './machine.ts';
import { type Destination, Relay } from './relay.ts';
import { createTemporaryDirectory } from './temporary-directory.ts';

/** Who may use a registry that asks. */
export interface RegistryAccount {
  readonly user: string;
  readonly password: string;
}

/** A real registry for real pulls, empty at first. */
export interface Registry extends AsyncDisposable {
  /** What leads to it: `refuse`, `stall` and `cut` make it a bad one, `accept` a good one again. */
  readonly relay: Relay;
  /** Where it really is, for who stands between it and the relay. */
  readonly server: Destination;
  /** Its address in names of images, for this machine and for a container. */
  addressFor(machine: Machine | ContainerMachine): string;
  /** `config.json` of Docker for who has the account; without an account nobody needs one. */
  configFor(machine: Machine | ContainerMachine): string;
  /**
   * Puts a machine's image here as `name` (`shop/web:v1`), so that the machine has to pull it.
   * @returns the two names to pull it by
   */
  publish(machine: Machine, image: string, name: string): Promise<PublishedImage>;
}

/** The name of an image in a registry, with its tag and with its digest. */
export interface PublishedImage {
  readonly byTag: string;
  readonly byDigest: string;
}

const address = '127.0.0.1';

/** Starts a registry that this machine reaches on loopback, and containers on their bridge's gateway. */
export async function startRegistry(account?: RegistryAccount): Promise<Registry> {
  const directory = await createTemporaryDirectory('registry');
  const { server, port } = await startServer(directory.path, account);
  const forget = atExit(() => server.kill('SIGKILL'));
  const place = { host: address, port };
  const relay = await Relay.open(place, [address, await bridgeGateway()]);
  const addressFor = (machine: Machine): string => `${'gateway' in machine ? machine.gateway : address}:${relay.port}`;
  const configFor = (machine: Machine): string => dockerConfig(addressFor(machine), account);
  return {
    ...{ relay, server: place, addressFor, configFor },
    publish: (machine, image, name) => publish(machine, image, `${addressFor(machine)}/${name}`, configFor(machine)),
    async [Symbol.asyncDispose]() {
      await relay[Symbol.asyncDispose]();
      server.kill('SIGKILL');
      if (server.exitCode === null && server.signalCode === null) await once(server, 'exit');
      forget();
      await directory[Symbol.asyncDispose]();
    },
  };
}

interface StartedServer {
  readonly server: ChildProcess;
  readonly port: number;
}

/** Between the choice of a free port and the server's bind another process may take it, hence the retries. */
async function startServer(directory: string, account: RegistryAccount | undefined): Promise<StartedServer> {
  const configuration = join(directory, 'config.yml');
  if (account) await writeFile(join(directory, 'htpasswd'), await passwordLine(account));
  for (let attempt = 1; ; attempt++) {
    const port = await freePort(address);
    await writeFile(configuration, JSON.stringify(serverConfiguration(directory, port, account)));
    const server = spawn('docker-registry', ['serve', configuration], { stdio: 'ignore', detached: true });
    await once(server, 'spawn');
    if (await answers(server, port)) return { server, port };
    if (attempt === 5) throw new Error(`docker-registry ended before it answered on ${address}:${port}`);
  }
}

/** JSON is YAML. */
function serverConfiguration(directory: string, port: number, account: RegistryAccount | undefined): object {
  return {
    version: '0.1',
    log: { level: 'error' },
    storage: { filesystem: { rootdirectory: join(directory, 'storage') } },
    http: { addr: `${address}:${port}`, secret: randomBytes(16).toString('hex') },
    ...(account && { auth: { htpasswd: { realm: 'lab', path: join(directory, 'htpasswd') } } }),
  };
}

/** The registry reads bcrypt alone, which the C library behind Perl knows. */
async function passwordLine({ user, password }: RegistryAccount): Promise<string> {
  const salt = `$2y$05$${randomBytes(11).toString('hex')}`;
  return `${user}:${await runCommand('perl', ['-e', 'print crypt($ARGV[0], $ARGV[1])', password, salt])}\n`;
}

/** True when the server answers; false when its process ended first. */
async function answers(server: ChildProcess, port: number): Promise<boolean> {
  while (server.exitCode === null && server.signalCode === null) {
    const response = await fetch(`http://${address}:${port}/v2/`).catch(() => undefined);
    if (response) return true;
    await sleep(20);
  }
  return false;
}

/**
 * Taken from the interface, as an Engine that started for the first time does not name the gateway of its bridge; and by `ip`, as
 * Node shows no interface that nothing is plugged into.
 */
async function bridgeGateway(): Promise<string> {
  const format = '{{index .Options "com.docker.network.bridge.name"}}';
  const bridge = await runCommand('docker', ['network', 'inspect', 'bridge', '--format', format]);
  const shown = await runCommand('ip', ['-json', '-4', 'address', 'show', 'dev', bridge]);
  const [link] = JSON.parse(shown) as { addr_info: { local: string }[] }[];
  const found = link?.addr_info[0];
  if (!found) throw new Error(`The bridge ${bridge} of Docker has no IPv4 address`);
  return found.local;
}

function dockerConfig(registry: string, account: RegistryAccount | undefined): string {
  if (!account) return '{}';
  const auth = Buffer.from(`${account.user}:${account.password}`).toString('base64');
  return JSON.stringify({ auths: { [registry]: { auth } } });
}

/** The configuration lies in a folder of its own: whoever runs the tests keeps theirs. */
const pushOnce = `
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cat >"$folder/config.json"
docker tag "$1" "$2"
docker --config "$folder" push --quiet "$2" >&2
docker image inspect --format '{{range .RepoDigests}}{{println .}}{{end}}' "$2"
docker rmi --force "$2" >&2`;

async function publish(machine: Machine, image: string, byTag: string, config: string): Promise<PublishedImage> {
  const printed = await machine.run(['sh', '-c', pushOnce, 'sh', image, byTag], { input: config });
  const repository = byTag.replace(/:[^:/]+$/, '');
  const byDigest = printed.split('\n').find((line) => line.startsWith(`${repository}@`));
  if (byDigest === undefined) throw new Error(`${byTag} was pushed and has no digest: ${printed}`);
  return { byTag, byDigest };
}
