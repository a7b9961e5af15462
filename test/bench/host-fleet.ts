import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { clearProjectAtExit } from '../../scripts/demo/clear-project.ts';
import { type ActionResult, runAction } from '../lab/action-runner.ts';
import { runCommand } from '../lab/command.ts';
import { createRepository, type TestRepository } from '../lab/git-repository.ts';
import { sleeperImage } from '../lab/image-kinds.ts';
import { removeImages } from '../lab/images.ts';
import type { LabHost } from '../lab/lab-host.ts';
import { startLoopbackHost } from '../lab/loopback-host.ts';
import { removeProject } from '../lab/project.ts';
import { createKey, type KeyPair } from '../lab/ssh-login.ts';
import { createTemporaryDirectory } from '../lab/temporary-directory.ts';

const deployAction = join(import.meta.dirname, '..', '..', 'actions', 'deploy');

/** `all`: every host. `one`: the first of them, with a stack of its own. */
const ENVIRONMENTS = ['all', 'one'] as const;
export type FleetEnvironment = (typeof ENVIRONMENTS)[number];

/** Hosts with an SSH server each, all on this machine, and a stack of one service on each. */
export class HostFleet implements AsyncDisposable {
  readonly hosts: readonly LabHost[];
  /** The stack of each host, in the same order. */
  readonly stacks: readonly string[];
  readonly #repository: TestRepository;
  readonly #cleanUp: AsyncDisposableStack;

  constructor(
    hosts: readonly LabHost[],
    stacks: readonly string[],
    repository: TestRepository,
    cleanUp: AsyncDisposableStack,
  ) {
    this.hosts = hosts;
    this.stacks = stacks;
    this.#repository = repository;
    this.#cleanUp = cleanUp;
  }

  /** Deploys an environment and makes sure that it ended as it should. */
  async deploy(environment: FleetEnvironment, outcome: 'deployed' | 'unchanged'): Promise<ActionResult> {
    const inputs = { environment, 'ssh-private-key': this.hosts[0]?.privateKey ?? '' };
    const result = await runAction(deployAction, { workspace: this.#repository.path, inputs });
    const { outcome: seen } = result.outputs;
    if (seen !== outcome) throw new Error(`${environment} is ${seen}, not ${outcome}:\n${result.log}`);
    return result;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#cleanUp.disposeAsync();
  }
}

/** Starts `count` hosts and deploys both environments once. */
export async function openHostFleet(count: number): Promise<HostFleet> {
  await using cleanUp = new AsyncDisposableStack();
  cleanUp.defer(removeImages);
  const { reference } = await sleeperImage();
  const name = `fleet${randomBytes(4).toString('hex')}`;
  const all = Array.from({ length: count }, (_, index) => `${name}-${index + 1}`);
  const one = `${name}-alone`;
  for (const project of [...all, one]) removeAtTheEnd(cleanUp, project);
  for (const environment of ENVIRONMENTS) removeAtTheEnd(cleanUp, `${name}-${environment}`);
  const key = await sharedKey(cleanUp);
  const hosts = await Promise.all(all.map(async () => cleanUp.use(await startLoopbackHost({ key }))));
  const repository = cleanUp.use(
    await createRepository({
      'gitops.yml': `apiVersion: gitops/v1\nname: ${name}\n`,
      ...environmentFiles('all', hosts, all, reference),
      ...environmentFiles('one', hosts.slice(0, 1), [one], reference),
    }),
  );
  const fleet = new HostFleet(hosts, all, repository, cleanUp.move());
  try {
    for (const environment of ENVIRONMENTS) await fleet.deploy(environment, 'deployed');
    return fleet;
  } catch (error) {
    await fleet[Symbol.asyncDispose]();
    throw error;
  }
}

async function sharedKey(cleanUp: AsyncDisposableStack): Promise<KeyPair> {
  const directory = cleanUp.use(await createTemporaryDirectory('fleet'));
  return createKey(directory.path, 'user');
}

/** Also the tags `gitops/PROJECT`, by which images are kept. */
function removeAtTheEnd(cleanUp: AsyncDisposableStack, project: string): void {
  const forget = clearProjectAtExit(project);
  cleanUp.defer(async () => {
    const tags = await runCommand('docker', ['images', `gitops/${project}`, '--format', '{{.Repository}}:{{.Tag}}']);
    await removeProject(project, tags.split('\n').filter(Boolean));
    forget();
  });
}

/** Without networks, of which an engine has addresses for about thirty. */
function environmentFiles(
  environment: FleetEnvironment,
  hosts: readonly LabHost[],
  stacks: readonly string[],
  image: string,
): Readonly<Record<string, string>> {
  const targets = hosts.map(
    ({ host, port, user, stateDir }, index) =>
      `  h${index + 1}: { kind: docker, host: ${host}, port: ${port}, user: ${user}, stateDir: ${stateDir} }\n`,
  );
  const list = stacks.map((stack, index) => `  - { name: ${stack}, path: stack, target: h${index + 1} }\n`);
  const health = 'health: { deadline: 10m, stability: 500ms, confirmTimeout: 10m }\n';
  const text = `apiVersion: gitops/v1\ntargets:\n${targets.join('')}stacks:\n${list.join('')}${health}`;
  return {
    [`environments/${environment}/environment.yml`]: text,
    [`environments/${environment}/known_hosts`]: `${hosts.map(({ knownHosts }) => knownHosts).join('\n')}\n`,
    [`environments/${environment}/stack/compose.yaml`]: `services:\n  web:\n    image: ${image}\n    network_mode: none\n`,
  };
}
