import { type ChildProcess, spawn } from 'node:child_process';
import { constants } from 'node:os';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { descendantsOf, signalIfAlive } from './tracked-processes.ts';

/** What the runner waits between its three ways to end a cancelled step. */
const interruptGraceMs = 7500;
const terminateGraceMs = 2500;

/** How a step's process is started. */
export interface StepProcessOptions {
  readonly script: string;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly onLine: (line: string) => void;
}

/** A running step. */
export interface StepProcess {
  /** The exit code; 128 + the signal's number if a signal ended it. Waits for the end of its output too. */
  readonly exitCode: Promise<number>;
  /** What the runner has sent it so far. */
  readonly signals: readonly NodeJS.Signals[];
  /** Starts the runner's ladder: SIGINT to the entry process, SIGTERM after 7.5 s, SIGKILL to the tree after 2.5 s more. */
  cancel(): void;
  /** SIGKILL to the process and its children, as when the machine is lost. */
  kill(): void;
  /** To the process alone, as when the machine sleeps. */
  signal(name: 'SIGSTOP' | 'SIGCONT'): void;
}

/** Starts a script with this Node, without a shell and without standard input, as the runner does. */
export function startStepProcess({ script, cwd, env, onLine }: StepProcessOptions): StepProcess {
  const child = spawn(process.execPath, [script], { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
  const timers = new Set<NodeJS.Timeout>();
  const exitCode = exitOf(child, onLine).finally(() => timers.forEach(clearTimeout));
  const signals: NodeJS.Signals[] = [];
  const send = (signal: NodeJS.Signals): void => {
    signals.push(signal);
    child.kill(signal);
  };
  const cancel = (): void => {
    send('SIGINT');
    timers.add(setTimeout(() => send('SIGTERM'), interruptGraceMs));
    timers.add(setTimeout(() => killTree(child), interruptGraceMs + terminateGraceMs));
  };
  return { exitCode, signals, cancel, kill: () => killTree(child), signal: (name) => void child.kill(name) };
}

/**
 * `exit` and not `close`: a background process that inherited the output would hold the step open for as long as it lives,
 * and the runner does not wait for it either.
 */
async function exitOf(child: ChildProcess, onLine: (line: string) => void): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  child.once('error', reject);
  child.once('exit', (code, signal) => resolve(code ?? 128 + (signal ? constants.signals[signal] : 0)));
  const outputs = [child.stdout, child.stderr].map((stream) => readLines(stream, onLine));
  const code = await promise;
  await Promise.race([Promise.all(outputs), drained()]);
  return code;
}

async function readLines(stream: Readable | null, onLine: (line: string) => void): Promise<void> {
  if (!stream) return;
  for await (const line of createInterface({ input: stream, crlfDelay: Infinity })) onLine(line);
}

/** What the ended process wrote is in the pipe already; one second is ample to read it. */
function drained(): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  setTimeout(resolve, 1000).unref();
  return promise;
}

function killTree(child: ChildProcess): void {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const tree = [child.pid, ...descendantsOf(child.pid)];
  for (const pid of tree) signalIfAlive(pid, 'SIGKILL');
}
