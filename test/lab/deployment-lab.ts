import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { type ActionOptions, type ActionResult, type ActionRun, startAction } from './action-runner.ts';
import { CommandLine, type CommandLineResult } from './command-line.ts';
import { createRepository, type TestRepository } from './git-repository.ts';
import { startHost } from './host.ts';
import type { LabHost, LabHostOptions } from './lab-host.ts';
import { removeProject } from './project.ts';

const deployAction = join(import.meta.dirname, '..', '..', 'actions', 'deploy');

export interface DeploymentLabOptions extends LabHostOptions {
  /** Files below `environments/lab/`, `compose.yaml` among them. */
  readonly files: Readonly<Record<string, string>>;
  /** Lines below `health:`, each indented by two blanks. */
  readonly health?: string;
  /** A host to deploy to and to stop at the end; one of the kind that this process is for, if left out. */
  readonly host?: LabHost;
}

/** A container of the project, as Docker tells it. */
export interface LabContainer {
  readonly id: string;
  readonly name: string;
  readonly service: string;
  readonly state: string;
  readonly image: string;
}

/** A real host, a real repository with the environment `lab`, and the built deploy action between them. */
export class DeploymentLab implements AsyncDisposable {
  readonly host: LabHost;
  readonly repository: TestRepository;
  readonly name: string;

  constructor(host: LabHost, repository: TestRepository, name: string) {
    this.host = host;
    this.repository = repository;
    this.name = name;
  }

  /** The Compose project. */
  get project(): string {
    return `${this.name}-lab`;
  }

  /** The environment's folder on the host. */
  get folder(): string {
    return join(this.host.stateDir, this.name, 'lab');
  }

  start(inputs: Readonly<Record<string, string>> = {}, options: ActionOptions = {}): ActionRun {
    const all = { environment: 'lab', 'ssh-private-key': this.host.privateKey, ...inputs };
    return startAction(deployAction, { workspace: this.repository.path, ...options, inputs: all });
  }

  deploy(inputs: Readonly<Record<string, string>> = {}): Promise<ActionResult> {
    return this.start(inputs).done;
  }

  /** Runs `gitops` on the environment: the words of the command, without the environment's name, and then options. */
  async gitops(command: string, ...options: readonly string[]): Promise<CommandLineResult> {
    await using commandLine = await CommandLine.create();
    const identity = await commandLine.identity('key', this.host.privateKey);
    const words = [...command.split(' '), 'lab', '--directory', this.repository.path, '--identity', identity];
    return await commandLine.run(...words, ...options);
  }

  /** Writes files below `environments/lab/` and commits them. */
  async commit(files: Readonly<Record<string, string>>): Promise<string> {
    await this.repository.write(below(files));
    return this.repository.commit('change');
  }

  async commitWithout(...paths: readonly string[]): Promise<string> {
    await this.repository.remove(...paths.map((path) => `environments/lab/${path}`));
    return this.repository.commit('remove');
  }

  /** All containers of the project, by service. */
  async containers(): Promise<ReadonlyMap<string, LabContainer>> {
    const format = '{{.ID}}\t{{.Names}}\t{{.Label "com.docker.compose.service"}}\t{{.State}}\t{{.Image}}';
    const filter = `label=com.docker.compose.project=${this.project}`;
    const text = await this.host.run(['docker', 'ps', '--all', '--no-trunc', '--filter', filter, '--format', format]);
    const rows = text
      .split('\n')
      .filter(Boolean)
      .map((line) => line.split('\t'));
    return new Map(
      rows.map(([id = '', name = '', service = '', state = '', image = '']) => [
        service,
        { id, name, service, state, image },
      ]),
    );
  }

  /** Ids by service, to see who got a new container. */
  async ids(): Promise<Readonly<Record<string, string>>> {
    return Object.fromEntries([...(await this.containers())].map(([service, { id }]) => [service, id]).sort());
  }

  /** Runs words inside a service's container. */
  async exec(service: string, ...words: readonly string[]): Promise<string> {
    const container = (await this.containers()).get(service);
    return this.host.run(['docker', 'exec', container?.id ?? service, ...words]);
  }

  /** Runs a line of shell on the host, as somebody would by hand. */
  sh(line: string, input?: string): Promise<string> {
    return this.host.sh(line, input);
  }

  /** Name of the release that is current on the host, empty if there is none. */
  current(): Promise<string> {
    return this.sh(`cat '${this.folder}/current' 2>/dev/null || true`);
  }

  /** State of the newest transaction, as the host records it. */
  async transactionState(): Promise<string> {
    const text = await this.sh(
      `cd '${this.folder}/transactions' 2>/dev/null || exit 0; cat "$(ls | sort -n | tail -n 1)/status" 2>/dev/null || true`,
    );
    return text.split(' ')[0] ?? '';
  }

  /** Removes what another stack of the environment has left. */
  removeStack(stack: string): Promise<void> {
    return removeProject(stack, [], this.host);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.host.stop();
    await removeProject(this.project, await this.#ownTags(), this.host);
    await this.repository[Symbol.asyncDispose]();
  }

  async #ownTags(): Promise<readonly string[]> {
    const format = '{{.Repository}}:{{.Tag}}';
    const text = await this.host.run(['docker', 'images', `gitops/${this.name}-lab`, '--format', format]);
    return text.split('\n').filter(Boolean);
  }
}

/** Starts a host and writes a repository for it. */
export async function startDeploymentLab({
  files,
  health = quick,
  host: given,
  ...options
}: DeploymentLabOptions): Promise<DeploymentLab> {
  const host = given ?? (await startHost(options));
  const name = `lab${randomBytes(4).toString('hex')}`;
  const repository = await createRepository({
    'gitops.yml': `apiVersion: gitops/v1\nname: ${name}\n`,
    'environments/lab/known_hosts': `${host.knownHosts.trim()}\n`,
    'environments/lab/environment.yml': environmentFile(host, health),
    ...below(files),
  });
  return new DeploymentLab(host, repository, name);
}

/**
 * A short stability, so that a test waits for what happens and not for a clock. The others are limits that a busy machine must
 * not reach; a host whose confirmation does not come in time goes back by itself.
 */
const quick = '  deadline: 60s\n  stability: 500ms\n  confirmTimeout: 60s\n';

/** The environment file of a lab. */
export function environmentFile(host: LabHost, health: string): string {
  const target = `    host: ${host.host}\n    port: ${host.port}\n    user: ${host.user}\n    stateDir: ${host.stateDir}\n`;
  return `apiVersion: gitops/v1\ntargets:\n  docker:\n    kind: docker\n${target}health:\n${health}`;
}

function below(files: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(files).map(([path, text]) => [`environments/lab/${path}`, text]));
}
