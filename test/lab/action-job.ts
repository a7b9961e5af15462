import { randomUUID } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { type ActionMetadata, inputEnvironment, readActionMetadata } from './action-metadata.ts';
import { atExit } from './at-exit.ts';
import { type CommandFileResults, createCommandFiles } from './command-files.ts';
import { LogWatch } from './log-watch.ts';
import { defaultContext, type GitHubContext, type RunnerPaths, runnerEnvironment } from './runner-environment.ts';
import { refuseShownSecrets } from './shown-secrets.ts';
import { type Annotation, StepLog } from './step-log.ts';
import { type StepProcess, startStepProcess } from './step-process.ts';
import { createTemporaryDirectory } from './temporary-directory.ts';
import { killTrackedProcesses, trackedProcesses } from './tracked-processes.ts';

/** One use of an action in a job. */
export interface ActionOptions {
  readonly inputs?: Readonly<Record<string, string>>;
  /** The checkout; a fresh empty directory if left out. */
  readonly workspace?: string;
  readonly context?: Partial<GitHubContext>;
  /** The event's payload. */
  readonly event?: unknown;
  /** The value of `github.token` in defaults; masked like every secret. */
  readonly token?: string;
  /** Values that the workflow takes from `secrets`: the runner masks them from the first line on. */
  readonly secrets?: readonly string[];
  /** `env:` of the job. */
  readonly env?: Readonly<Record<string, string>>;
}

/** What GitHub would know and show after the step and its post step. */
export interface ActionResult {
  readonly exitCode: number;
  /** undefined when the action has no `post`, and when the machine was lost. */
  readonly postExitCode: number | undefined;
  readonly outputs: Readonly<Record<string, string>>;
  readonly state: Readonly<Record<string, string>>;
  readonly env: Readonly<Record<string, string>>;
  readonly summary: string;
  /** Of main and post together, masked as on GitHub. */
  readonly log: string;
  readonly rawLog: string;
  readonly masks: readonly string[];
  readonly annotations: readonly Annotation[];
  readonly droppedAnnotations: number;
  readonly groups: readonly string[];
  /** Ids of processes that the action left running; they are killed, as the runner does at the end of a job. */
  readonly orphans: readonly number[];
  /** RUNNER_TEMP, kept until the end of this process. */
  readonly runnerTemp: string;
  /** Of the main step. */
  readonly durationMs: number;
  /** What the runner had to send to the main step: after 7.5 s it insists. */
  readonly signals: readonly NodeJS.Signals[];
}

interface StepResult extends CommandFileResults {
  readonly exitCode: number;
  readonly durationMs: number;
  readonly signals: readonly NodeJS.Signals[];
}

type Step = 'main' | 'post';

const trackingVariable = 'RUNNER_TRACKING_ID';

/** A job of GitHub that consists of one action: its main step and its post step. */
export class ActionJob {
  readonly watch = new LogWatch();
  readonly #log = new StepLog();
  readonly #directory: string;
  readonly #options: ActionOptions;
  readonly #trackingId = `github_${randomUUID()}`;
  #process: StepProcess | undefined;
  #ended: 'cancelled' | 'lost' | undefined;

  constructor(directory: string, options: ActionOptions) {
    this.#directory = resolve(directory);
    this.#options = options;
    for (const secret of [...(options.secrets ?? []), options.token ?? '']) this.#log.addMask(secret);
  }

  /** Runs main and, unless the machine is lost, post. */
  async run(): Promise<ActionResult> {
    const forget = atExit(() => killTrackedProcesses(trackingVariable, this.#trackingId));
    const metadata = await readActionMetadata(this.#directory);
    const paths = await createJobPaths(this.#options);
    const base = this.#baseEnvironment(metadata, paths);
    const main = await this.#runStep('main', metadata.runs.main, paths, base);
    const post = await this.#runPost(metadata.runs.post, main, paths, base);
    const orphans = trackedProcesses(trackingVariable, this.#trackingId);
    killTrackedProcesses(trackingVariable, this.#trackingId);
    forget();
    const result = this.#result(main, post, orphans, paths);
    await refuseShownSecrets(result, this.#options);
    return result;
  }

  /** See `ActionRun`; before the process has started it counts from its start. */
  cancel(): void {
    this.#ended ??= 'cancelled';
    this.#process?.cancel();
  }

  /** See `ActionRun`. */
  kill(): void {
    this.#ended = 'lost';
    this.#process?.kill();
  }

  /** See `ActionRun`. */
  signal(name: 'SIGSTOP' | 'SIGCONT'): void {
    this.#process?.signal(name);
  }

  #baseEnvironment(metadata: ActionMetadata, paths: RunnerPaths): Record<string, string> {
    const { context, inputs, token, env } = this.#options;
    return {
      ...runnerEnvironment({ ...defaultContext, ...context }, paths, this.#trackingId),
      ...env,
      ...inputEnvironment(metadata, inputs ?? {}, token ?? ''),
    };
  }

  async #runStep(
    step: Step,
    script: string,
    paths: RunnerPaths,
    base: Readonly<Record<string, string>>,
  ): Promise<StepResult> {
    const files = await createCommandFiles(join(paths.temp, '_runner_file_commands', step));
    const begin = performance.now();
    this.#process = startStepProcess({
      script: join(this.#directory, script),
      cwd: paths.workspace,
      env: { ...base, ...files.environment },
      onLine: (line) => this.#write(line),
    });
    if (step === 'main') this.#endIfAsked(this.#process);
    const { exitCode: ending, signals } = this.#process;
    const exitCode = await ending;
    return { ...(await files.read()), exitCode, signals, durationMs: performance.now() - begin };
  }

  /** `cancel` or `kill` may have come while the metadata was read. */
  #endIfAsked(process: StepProcess): void {
    if (this.#ended === 'cancelled') process.cancel();
    if (this.#ended === 'lost') process.kill();
  }

  async #runPost(
    script: string | undefined,
    main: StepResult,
    paths: RunnerPaths,
    base: Readonly<Record<string, string>>,
  ): Promise<StepResult | undefined> {
    if (script === undefined || this.#ended === 'lost') return undefined;
    const state = Object.entries(main.state).map(([name, value]) => [`STATE_${name}`, value]);
    const path = [...main.paths.toReversed(), base['PATH']].join(':');
    return this.#runStep('post', script, paths, { ...base, ...main.env, ...Object.fromEntries(state), PATH: path });
  }

  #write(line: string): void {
    this.#log.write(line);
    this.watch.write(line);
  }

  #result(
    main: StepResult,
    post: StepResult | undefined,
    orphans: readonly number[],
    paths: RunnerPaths,
  ): ActionResult {
    const { outputs, state, env, exitCode, durationMs, signals } = main;
    const { masks, annotations, droppedAnnotations, groups, text, rawText } = this.#log;
    return {
      ...{ exitCode, postExitCode: post?.exitCode, outputs, state, env, durationMs, orphans, signals },
      ...{ masks, annotations, droppedAnnotations, groups, log: text, rawLog: rawText },
      summary: main.summary + (post?.summary ?? ''),
      runnerTemp: paths.temp,
    };
  }
}

async function createJobPaths({ workspace, event }: ActionOptions): Promise<RunnerPaths> {
  const { path } = await createTemporaryDirectory('job');
  const paths = { workspace: workspace ?? join(path, 'workspace'), temp: join(path, '_temp') };
  const eventPath = join(paths.temp, '_github_workflow', 'event.json');
  await mkdir(paths.workspace, { recursive: true });
  await mkdir(join(paths.temp, '_github_workflow'), { recursive: true });
  await writeFile(eventPath, JSON.stringify(event ?? {}));
  return { ...paths, eventPath };
}
