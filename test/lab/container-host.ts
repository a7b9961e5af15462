import { randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ContainerMachine } from './container-machine.ts';
import type { LabHost, LabHostOptions } from './lab-host.ts';
import { plant } from './planted.ts';
import { Relay } from './relay.ts';
import { knownHostsLine, sshArguments, userKey } from './ssh-login.ts';
import { createTemporaryDirectory } from './temporary-directory.ts';

/** `root`, `gitops` who may use Docker, `sudoer` who may by `sudo docker` alone, or `guest` who may not. */
export interface ContainerHostOptions extends LabHostOptions {
  readonly user?: 'root' | 'gitops' | 'sudoer' | 'guest';
}

/** A host whose way there the test can make a bad one. */
export interface ContainerHost extends LabHost {
  readonly relay: Relay;
}

const address = '127.0.0.1';

/**
 * Adds a login to a machine: a key that is allowed there, a folder, and a port of its own that leads to the machine's SSH
 * server. Many of them share a machine without seeing each other.
 */
export async function startContainerHost(
  machine: ContainerMachine,
  { user = 'root', key: given, environment = () => ({}) }: ContainerHostOptions = {},
): Promise<ContainerHost> {
  const mark = `GITOPS_LAB_HOST=${randomUUID()}`;
  // A test looks at what was done, and for that it has to ask Docker.
  const hand = user === 'guest' || user === 'sudoer' ? 'root' : user;
  const directory = `/var/tmp/${mark.slice(-12)}`;
  const keys = await createTemporaryDirectory('host');
  const relay = await Relay.open({ host: address, port: machine.port });
  const key = await userKey(keys.path, given);
  const variables = [mark, ...Object.entries(environment(directory)).map(([name, value]) => `${name}=${value}`)];
  await allow(machine, user, directory, `${variables.map(option).join(',')} ${key.public}`);
  const knownHosts = knownHostsLine(address, relay.port, machine.hostKey);
  await writeFile(join(keys.path, 'known_hosts'), `${knownHosts}\n`);

  const stop = async (): Promise<void> => {
    await relay[Symbol.asyncDispose]();
    await machine.run(['sh', '-c', endProcesses, 'sh', mark, directory]);
    await keys[Symbol.asyncDispose]();
  };
  return {
    ...{ host: address, port: relay.port, relay, user, knownHosts, directory },
    privateKey: plant(key.private),
    stateDir: `${directory}/state`,
    sshArguments: sshArguments(keys.path, `${user}@${address}`, relay.port),
    run: (argv, options) => machine.run(argv, { ...options, user: hand }),
    sh: (line, input) => machine.run(['sh', '-c', line], { input, user: hand }),
    log: () => machine.run(['cat', '/var/log/sshd.log']),
    processes: async () =>
      (await machine.run(['sh', '-c', listProcesses, 'sh', mark])).split('\n').filter(Boolean).map(Number),
    cutConnections: () => relay.cut(),
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

async function allow(machine: ContainerMachine, user: string, directory: string, line: string): Promise<void> {
  const script = 'install -d -m 0700 -o "$1" "$2" && cat >>"/etc/ssh/lab_keys/$1"';
  await machine.run(['sh', '-c', script, 'sh', user, directory], { input: line });
}

function option(variable: string): string {
  return `environment="${variable.replaceAll('"', '\\"')}"`;
}

const listProcesses = 'grep -lsxz -- "$1" /proc/[0-9]*/environ | cut -d/ -f3';
/** A process may fork while we look, so it is done when none is left. */
const endProcesses = `
while pids=$(${listProcesses}); [ -n "$pids" ]; do
  kill -KILL $pids 2>/dev/null
  sleep 0.05
done
rm -rf "$2"`;
