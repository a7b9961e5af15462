import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { runCommand } from './command.ts';
import type { Machine } from './machine.ts';
import { machineImage, machineInit } from './machine-image.ts';

/** Debian's releases of Docker in the image, and where they lie. */
const engines = { trixie: '/', sid: '/opt/sid' };
const composePlugins = {
  trixie: '/usr/libexec/docker/cli-plugins/docker-compose',
  sid: '/opt/sid/usr/libexec/docker/cli-plugins/docker-compose',
};

/** Comes before the one that a package has brought. */
const composePlugin = '/usr/local/lib/docker/cli-plugins/docker-compose';

/** What a machine runs; left out, it is what Debian trixie has. */
export interface MachineOptions {
  readonly engine?: keyof typeof engines;
  readonly compose?: keyof typeof composePlugins;
  /** Where the Engine keeps images: in its own store, or in that of containerd, where an image's id is another. */
  readonly store?: 'classic' | 'containerd';
}

/** A container that is a computer of its own: its SSH server on a port of 127.0.0.1, its own Docker Engine and Compose. */
export interface ContainerMachine extends Machine {
  /** The container's name. */
  readonly name: string;
  /** Of the SSH server, on 127.0.0.1. */
  readonly port: number;
  /** The SSH server's public key. */
  readonly hostKey: string;
  /** Where the machine reaches the one that it runs on. */
  readonly gateway: string;
}

/** A machine that goes away with whoever started it. */
export interface OwnedMachine extends ContainerMachine, AsyncDisposable {
  /** Puts another Compose in the place of the one that is there. */
  useCompose(release: keyof typeof composePlugins): Promise<void>;
}

/**
 * What a nested Docker Engine needs. `--privileged` would ask for more than a machine that is a container itself may have to
 * give.
 */
const capabilities =
  'AUDIT_CONTROL AUDIT_WRITE BLOCK_SUSPEND CHOWN DAC_OVERRIDE DAC_READ_SEARCH FOWNER FSETID IPC_LOCK IPC_OWNER KILL LEASE ' +
  'LINUX_IMMUTABLE MKNOD NET_ADMIN NET_BIND_SERVICE NET_BROADCAST NET_RAW SETFCAP SETGID SETPCAP SETUID SYSLOG SYS_ADMIN ' +
  'SYS_CHROOT SYS_NICE SYS_PACCT SYS_PTRACE SYS_TTY_CONFIG';
const freedoms = [
  ...['seccomp=unconfined', 'apparmor=unconfined', 'systempaths=unconfined'].flatMap((each) => [
    '--security-opt',
    each,
  ]),
  ...['--cgroupns', 'private', '--device-cgroup-rule', 'a *:* rwm', '--cap-drop', 'ALL'],
  ...capabilities.split(' ').flatMap((each) => ['--cap-add', each]),
];

/** Every private network: registries of the lab speak plain HTTP. */
const plainRegistries = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16'];

/**
 * Starts a machine and returns when its SSH server and its Docker Engine answer. The container lives as long as its standard
 * input is open, so it and its volume are gone even after this process was killed.
 */
export async function startMachine(options: MachineOptions = {}): Promise<OwnedMachine> {
  const name = `gitops-lab-${randomBytes(6).toString('hex')}`;
  const image = await machineImage();
  const place = ['--name', name, '--hostname', 'lab', '--volume', '/var/lib/docker', '--publish', '127.0.0.1::22'];
  const words = ['run', '--rm', '--interactive', ...place, ...freedoms, image];
  const container = spawn('docker', [...words, 'bash', '-c', await machineInit(), 'init', ...initArguments(options)], {
    stdio: ['pipe', 'pipe', 'pipe'],
    // Ctrl-C on the terminal must not reach it before the tests have ended.
    detached: true,
  });
  await untilReady(container);
  const machine = await describeMachine(name);
  return {
    ...machine,
    async useCompose(release) {
      await machine.run(['ln', '-sf', composePlugins[release], composePlugin]);
    },
    async [Symbol.asyncDispose]() {
      container.stdin.end();
      if (container.exitCode === null && container.signalCode === null) await once(container, 'exit');
    },
  };
}

/** A machine that somebody else has started, by what is known of it. */
export function attachMachine(known: Omit<ContainerMachine, 'run'>): ContainerMachine {
  const { name, port, hostKey, gateway } = known;
  return {
    ...{ name, port, hostKey, gateway },
    run(argv, { input, user = 'root' } = {}) {
      const stdin = input === undefined ? [] : ['--interactive'];
      const words = ['exec', ...stdin, '--user', user, '--env', `HOME=${homeOf(user)}`, '--env', `USER=${user}`, name];
      return runCommand('docker', [...words, ...argv], input === undefined ? {} : { input });
    },
  };
}

/** Brings an image of this machine's Docker Engine to a machine. */
export async function loadImage({ name }: ContainerMachine, reference: string): Promise<void> {
  const script = 'docker save "$1" | docker exec --interactive "$2" docker load';
  await runCommand('sh', ['-c', script, 'sh', reference, name]);
}

function initArguments({
  engine = 'trixie',
  compose = 'trixie',
  store = 'classic',
}: MachineOptions): readonly string[] {
  const registries = plainRegistries.map((network) => `--insecure-registry=${network}`);
  const features = store === 'containerd' ? ['--feature', 'containerd-snapshotter=true'] : [];
  return [engines[engine], composePlugins[compose], ...registries, ...features];
}

/** A machine that ends before it is ready says why. */
async function untilReady(container: ChildProcess): Promise<void> {
  const { stdout, stderr } = container;
  if (!stdout || !stderr) throw new Error('docker run was started without its output');
  const complaint = text(stderr);
  const lines: string[] = [];
  for await (const line of createInterface({ input: stdout })) {
    if (line === 'ready') return;
    lines.push(line);
  }
  throw new Error(`A machine of the lab did not start:\n${[...lines, await complaint].join('\n')}`);
}

async function describeMachine(name: string): Promise<ContainerMachine> {
  const format = '{{(index (index .NetworkSettings.Ports "22/tcp") 0).HostPort}} {{.NetworkSettings.Gateway}}';
  const [[port, gateway = ''], hostKey] = await Promise.all([
    runCommand('docker', ['inspect', '--format', format, name]).then((line) => line.split(' ')),
    runCommand('docker', ['exec', name, 'cat', '/etc/ssh/ssh_host_ed25519_key.pub']),
  ]);
  return attachMachine({ name, port: Number(port), hostKey, gateway });
}

function homeOf(user: string): string {
  return user === 'root' ? '/root' : `/home/${user}`;
}
