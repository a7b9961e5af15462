import { randomBytes } from 'node:crypto';
import { cp, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type ActionResult, runAction } from '../lab/action-runner.ts';
import { runCommand } from '../lab/command.ts';
import { createRepository, type TestRepository } from '../lab/git-repository.ts';
import type { LabHost } from '../lab/lab-host.ts';
import { startLoopbackHost } from '../lab/loopback-host.ts';
import { removeProject } from '../lab/project.ts';
import { createTemporaryDirectory, type TemporaryDirectory } from '../lab/temporary-directory.ts';
import { contextsOf, type WorkflowEvent } from './events.ts';
import { type Contexts, interpolate } from './expression.ts';
import { ownActionFolder } from './rules.ts';
import type { Job, Step } from './workflow.ts';

const root = join(import.meta.dirname, '..', '..');
const environment = 'production';

/** A repository on a server with the environment `production`, the real host that it names, and a runner for its jobs. */
export class WorkflowLab implements AsyncDisposable {
  readonly host: LabHost;
  /** What is on the server. */
  readonly origin: TestRepository;
  readonly #name: string;
  readonly #checkouts: TemporaryDirectory[] = [];

  constructor(host: LabHost, origin: TestRepository, name: string) {
    this.host = host;
    this.origin = origin;
    this.#name = name;
  }

  /** Merges `image` as the one that production runs, and returns the commit. */
  async merge(image: string): Promise<string> {
    await this.origin.write({ [`environments/${environment}/compose.yaml`]: composeFile(image) });
    return this.origin.commit(`Run ${image}`);
  }

  /**
   * Runs a job that checks out, runs scripts, and then uses an action of ours: what the workflow says of them is evaluated as
   * GitHub does it, and the action's bundle gets what comes of it.
   */
  async run(job: Job, event: WorkflowEvent): Promise<ActionResult> {
    const [checkout, ...scripts] = job.steps;
    const deploy = scripts.pop();
    if (!checkout || !deploy || scripts.some(({ run }) => run === '')) throw new Error('this lab knows no such job');
    const secrets = { DEPLOY_KEY: this.host.privateKey, READER_ENV: 'READER=lab' };
    const contexts = contextsOf(event, secrets);
    const workspace = await this.#checkOut(inputsOf(checkout, contexts), event);
    for (const step of scripts) {
      const env = { PATH: process.env['PATH'], ...evaluated(step.env, contexts) };
      await runCommand('bash', ['-e', '-c', step.run], { cwd: workspace, env });
    }
    return runAction(actionFolder(deploy.uses, workspace), {
      inputs: inputsOf(deploy, contexts),
      workspace,
      secrets: Object.values(secrets),
      context: { sha: event.sha ?? '', ref: `refs/heads/${event.branch}`, eventName: event.name, job: environment },
    });
  }

  /** Image of each container that runs for production. */
  async images(): Promise<readonly string[]> {
    const filter = `label=com.docker.compose.project=${this.#project}`;
    const ids = await runCommand('docker', ['ps', '--quiet', '--no-trunc', '--filter', filter]);
    const inspect = ['inspect', '--format', '{{.Image}}', ...ids.split('\n').filter(Boolean)];
    return ids === '' ? [] : (await runCommand('docker', inspect)).split('\n');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.host.stop();
    const tags = await runCommand('docker', [
      'images',
      `gitops/${this.#project}`,
      '--format',
      '{{.Repository}}:{{.Tag}}',
    ]);
    await removeProject(this.#project, tags.split('\n').filter(Boolean));
    for (const directory of [...this.#checkouts, this.origin]) await directory[Symbol.asyncDispose]();
  }

  get #project(): string {
    return `${this.#name}-${environment}`;
  }

  /** What actions/checkout does with these inputs: the tip of the branch `ref`, or the commit of the event without one. */
  async #checkOut(inputs: Readonly<Record<string, string>>, { sha = 'HEAD' }: WorkflowEvent): Promise<string> {
    const directory = await createTemporaryDirectory('checkout');
    this.#checkouts.push(directory);
    const { path } = directory;
    const { ref, 'fetch-depth': depth = '1' } = inputs;
    const shallow = depth === '0' ? [] : ['--depth', depth];
    await runCommand('git', ['clone', '--quiet', '--no-checkout', ...shallow, `file://${this.origin.path}`, path]);
    await runCommand('git', ['checkout', '--quiet', '--detach', ref?.replace('refs/heads/', 'origin/') ?? sha], {
      cwd: path,
    });
    return path;
  }
}

/** Starts a host and writes a repository as docs/workflows.md describes it, with the built action in it. */
export async function startWorkflowLab(): Promise<WorkflowLab> {
  const host = await startLoopbackHost();
  const name = `flow${randomBytes(4).toString('hex')}`;
  const origin = await createRepository({
    'gitops.yml': `apiVersion: gitops/v1\nname: ${name}\n`,
    [`environments/${environment}/known_hosts`]: `${host.knownHosts.trim()}\n`,
    [`environments/${environment}/environment.yml`]: environmentFile(host),
    // Where the workflow of this repository writes variables to.
    [`environments/${environment}/reader/.env.example`]: 'READER=\n',
  });
  await copyAction(join(origin.path, 'actions', 'deploy'));
  return new WorkflowLab(host, origin, name);
}

async function copyAction(target: string): Promise<void> {
  await mkdir(target, { recursive: true });
  for (const part of ['action.yml', 'dist']) {
    await cp(join(root, 'actions', 'deploy', part), join(target, part), { recursive: true });
  }
}

/** `with:` of a step, as the action receives it. */
function inputsOf(step: Step, contexts: Contexts): Record<string, string> {
  return evaluated(step.with, contexts);
}

function evaluated(texts: Readonly<Record<string, string>>, contexts: Contexts): Record<string, string> {
  return Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, interpolate(text, contexts)]));
}

/** A local action is taken from the checkout, as GitHub does; a published one from this repository. */
function actionFolder(uses: string, workspace: string): string {
  const folder = uses.startsWith('./') ? join(workspace, uses) : ownActionFolder(uses);
  if (folder === undefined) throw new Error(`${uses} is no action of this repository`);
  return folder;
}

function environmentFile({ host, port, user, stateDir }: LabHost): string {
  return `apiVersion: gitops/v1
branch: main
targets:
  docker: { kind: docker, host: ${host}, port: ${port}, user: ${user}, stateDir: ${stateDir} }
health: { deadline: 60s, stability: 500ms, confirmTimeout: 30s }
`;
}

function composeFile(image: string): string {
  return `services:\n  web:\n    image: ${image}\n`;
}
