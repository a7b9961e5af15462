import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { type ActionResult, type ActionRun, startAction } from './action-runner.ts';
import { startContainerHost } from './container-host.ts';
import { loadImage, type OwnedMachine, startMachine } from './container-machine.ts';
import { createRepository, type TestRepository } from './git-repository.ts';
import type { LabHost } from './lab-host.ts';
import { createKey, type KeyPair } from './ssh-login.ts';
import { createTemporaryDirectory } from './temporary-directory.ts';

const deployAction = join(import.meta.dirname, '..', '..', 'actions', 'deploy');

/** The stacks that every host of a fleet has. */
const STACKS = ['apps', 'edge'] as const;

/** Several hosts with an SSH server and a Docker Engine of their own, and one environment `lab` over all of them. */
export class FleetLab implements AsyncDisposable {
  /** By name of the target. */
  readonly hosts: ReadonlyMap<string, LabHost>;
  readonly repository: TestRepository;
  readonly #machines: readonly OwnedMachine[];

  constructor(hosts: ReadonlyMap<string, LabHost>, repository: TestRepository, machines: readonly OwnedMachine[]) {
    this.hosts = hosts;
    this.repository = repository;
    this.#machines = machines;
  }

  host(target: string): LabHost {
    const host = this.hosts.get(target);
    if (!host) throw new RangeError(`the fleet has no host ${target}`);
    return host;
  }

  start(inputs: Readonly<Record<string, string>> = {}): ActionRun {
    const [host] = this.hosts.values();
    const all = { environment: 'lab', 'ssh-private-key': host?.privateKey ?? '', ...inputs };
    return startAction(deployAction, { workspace: this.repository.path, inputs: all });
  }

  deploy(inputs: Readonly<Record<string, string>> = {}): Promise<ActionResult> {
    return this.start(inputs).done;
  }

  /** Gives stacks (`one/apps`) a service `web` of these images, and commits. */
  async commit(images: Readonly<Record<string, string>>): Promise<void> {
    const files = Object.entries(images).map(([stack, image]) => stackFile(stack, image));
    await this.repository.write(Object.fromEntries(files));
    await this.repository.commit('change');
  }

  /** `STACK IMAGE_ID STATE` of every container on a host, sorted. */
  async runningOn(target: string): Promise<readonly string[]> {
    const format = '{{index .Config.Labels "com.docker.compose.project"}} {{.Image}} {{.State.Status}}';
    const text = await this.host(target).sh(`docker inspect --format '${format}' $(docker ps --all --quiet)`);
    return text.split('\n').filter(Boolean).sort();
  }

  /** Ids of the containers of all hosts, sorted. */
  async ids(): Promise<readonly string[]> {
    const lists = await Promise.all(
      [...this.hosts.values()].map((host) => host.run(['docker', 'ps', '--all', '--quiet', '--no-trunc'])),
    );
    return lists.flatMap((text) => text.split('\n').filter(Boolean)).sort();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.hosts.values()].map((host) => host.stop()));
    await Promise.all(this.#machines.map((machine) => machine[Symbol.asyncDispose]()));
    await this.repository[Symbol.asyncDispose]();
  }
}

/** Starts a fleet; its machines have the images, and every stack has one service `web` of the first of them. */
export async function startFleet(targets: readonly string[], images: readonly string[]): Promise<FleetLab> {
  await using keys = await createTemporaryDirectory('fleet');
  const key = await createKey(keys.path, 'user');
  const machines = await Promise.all(targets.map(() => startMachine()));
  const hosts = await Promise.all(machines.map((machine) => startHost(machine, key, images)));
  const byName = new Map(hosts.map((host, index) => [targets[index] ?? '', host]));
  const repository = await createRepository({
    'gitops.yml': `apiVersion: gitops/v1\nname: fleet${randomBytes(4).toString('hex')}\n`,
    'environments/lab/known_hosts': `${hosts.map(({ knownHosts }) => knownHosts.trim()).join('\n')}\n`,
    'environments/lab/environment.yml': environmentFile(byName),
    ...Object.fromEntries(
      targets.flatMap((target) => STACKS.map((stack) => stackFile(`${target}/${stack}`, images[0]))),
    ),
  });
  return new FleetLab(byName, repository, machines);
}

async function startHost(machine: OwnedMachine, key: KeyPair, images: readonly string[]): Promise<LabHost> {
  for (const image of images) await loadImage(machine, image);
  return startContainerHost(machine, { user: 'gitops', key });
}

function stackFile(stack: string, image = ''): readonly [path: string, text: string] {
  return [`environments/lab/${stack}/compose.yaml`, `services:\n  web:\n    image: ${image}\n`];
}

function environmentFile(hosts: ReadonlyMap<string, LabHost>): string {
  const targets = [...hosts].map(
    ([name, { host, port, user, stateDir }]) =>
      `  ${name}: { kind: docker, host: ${host}, port: ${port}, user: ${user}, stateDir: ${stateDir} }\n`,
  );
  const stacks = [...hosts.keys()].flatMap((target) =>
    STACKS.map((stack) => `  - { name: ${stack}, path: ${target}/${stack}, target: ${target} }\n`),
  );
  const health = 'health: { deadline: 60s, stability: 500ms, confirmTimeout: 10s }\n';
  return `apiVersion: gitops/v1\ntargets:\n${targets.join('')}stacks:\n${stacks.join('')}${health}`;
}
