import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { GitopsError } from '@gitops/core';
import type { ClientChannel } from 'ssh2';
import { abortedError } from './aborted.ts';
import { feedChannel } from './channel-input.ts';
import { FramedOutput } from './framed-output.ts';
import type { Link } from './link.ts';
import { OutputCollector } from './output-collector.ts';
import { remoteCommand } from './remote-command.ts';
import type { RemoteScript, ScriptResult } from './remote-script.ts';
import {
  attempt,
  deadlineError,
  inputError,
  killedError,
  lostError,
  notStartedError,
  type ScriptPlace,
} from './script-errors.ts';
import { type StopCause, watchForStop } from './stop-watch.ts';

/** How an execution differs between a command, a process that stays, and the killing of either. */
export interface ExecutionMode {
  readonly collect: boolean;
  /** Whether the input ends after `script.stdin`. */
  readonly endInput: boolean;
  /** Ends a process group on the host. Without it a stopped script is left alone. */
  readonly endGroup?: (leader: number) => Promise<void>;
}

const BEGIN_GRACE_MS = 2_000;

/** One script on its way: from the channel it runs in to its result, or to the error that ended it. */
export class Execution {
  readonly #link: Link;
  readonly #script: RemoteScript;
  readonly #mode: ExecutionMode;
  readonly #place: ScriptPlace;
  readonly #output: OutputCollector;
  readonly #stdout: FramedOutput;
  readonly #stderr: FramedOutput;
  readonly #begun = Promise.withResolvers<void>();
  readonly #done = Promise.withResolvers<ScriptResult>();
  readonly #endWatch: () => void;
  #channel: ClientChannel | undefined;
  #leader: number | undefined;
  #code: number | undefined;
  #exit = 'its channel was closed';
  #stopping = false;
  #settled = false;

  constructor(link: Link, script: RemoteScript, mode: ExecutionMode) {
    this.#link = link;
    this.#script = script;
    this.#mode = mode;
    this.#place = { what: script.what, label: link.label };
    this.#output = new OutputCollector(mode.collect);
    const nonce = randomBytes(16).toString('hex');
    this.#stdout = this.#frameStdout(nonce);
    this.#stderr = this.#frameStderr(nonce);
    this.#endWatch = watchForStop(script.timeoutMs, script.signal, (cause) => void this.#stop(cause));
    this.#start(nonce).catch((error: unknown) => this.#fail(error));
  }

  /** Settles when the script runs; never, if it does not come to that. */
  get begun(): Promise<void> {
    return this.#begun.promise;
  }

  get done(): Promise<ScriptResult> {
    return this.#done.promise;
  }

  write(text: string): void {
    this.#channel?.write(text);
  }

  endInput(): void {
    this.#channel?.end();
  }

  async #start(nonce: string): Promise<void> {
    if (this.#script.signal?.aborted) throw this.#abortError();
    const command = remoteCommand(nonce, this.#script.script, this.#script.args ?? []);
    const channel = await this.#link.openChannel(command, this.#script.what);
    this.#channel = channel;
    // The deadline may have passed while the host was opening the channel.
    if (this.#settled) return channel.close();
    this.#listen(channel);
    feedChannel(channel, this.#script.stdin, this.#mode.endInput, (error) =>
      this.#fail(inputError(this.#place, error)),
    );
  }

  #listen(channel: ClientChannel): void {
    let open = 2;
    const closeOne = () => {
      open -= 1;
      if (open === 0) this.#onClosed();
    };
    channel.on('data', (chunk: Buffer) => this.#stdout.push(chunk)).once('close', closeOne);
    channel.stderr.on('data', (chunk: Buffer) => this.#stderr.push(chunk)).once('close', closeOne);
    channel.on('error', (error: Error) => this.#fail(lostError(this.#place, error.message, error)));
    channel.on('exit', (code: number | null, signal?: string) => {
      this.#exit = code === null ? `it was ended by ${signal ?? 'a signal'}` : `its shell left with ${code}`;
    });
  }

  #frameStdout(nonce: string): FramedOutput {
    return new FramedOutput(nonce, {
      onBegin: (pid) => {
        this.#leader = pid;
        this.#begun.resolve();
      },
      onData: (chunk) => {
        this.#output.addStdout(chunk);
        this.#script.onStdout?.(chunk);
      },
      onEnd: (code) => {
        this.#code = code;
        this.#finishIfFramed();
      },
    });
  }

  #frameStderr(nonce: string): FramedOutput {
    return new FramedOutput(nonce, {
      onBegin: () => {},
      onData: (chunk) => this.#output.addStderr(chunk),
      onEnd: () => this.#finishIfFramed(),
    });
  }

  // Not at the close of the channel: a process that the script left behind may keep it open for hours.
  #finishIfFramed(): void {
    if (this.#stdout.state === 'ended' && this.#stderr.state === 'ended') this.#finish();
  }

  #finish(): void {
    if (this.#stopping || this.#code === undefined) return;
    this.#done.resolve(this.#output.result(this.#code));
    this.#release();
  }

  #fail(error: unknown): void {
    this.#done.reject(error);
    this.#release();
  }

  #release(): void {
    this.#settled = true;
    this.#endWatch();
    this.#channel?.close();
  }

  #onClosed(): void {
    if (this.#stopping) return;
    if (this.#code === undefined) this.#fail(this.#unfinishedError());
    else this.#finish();
  }

  #unfinishedError(): GitopsError {
    if (this.#link.lost) return lostError(this.#place, this.#link.lost);
    if (this.#leader === undefined) return notStartedError(this.#place, this.#withWords(this.#noise()));
    return killedError(this.#place, this.#withWords(this.#output.lastWords));
  }

  #noise(): string {
    return [this.#stdout.noise, this.#stderr.noise].filter((text) => text !== '').join('\n');
  }

  #withWords(words: string): string {
    return words === '' ? this.#exit : `${this.#exit}; its last words: ${words}`;
  }

  async #stop(cause: StopCause): Promise<void> {
    this.#stopping = true;
    this.#endWatch();
    const aftermath = await this.#endOnHost();
    this.#fail(cause === 'abort' ? this.#abortError() : deadlineError(this.#place, this.#script.timeoutMs, aftermath));
  }

  #abortError(): GitopsError {
    return abortedError(attempt(this.#place), this.#script.signal?.reason);
  }

  // The script may just be starting: what begins within the grace is ended, and after that the channel is closed, so
  // that its begin marker cannot be written and it does not begin.
  async #endOnHost(): Promise<string> {
    if (this.#leader === undefined) await Promise.race([this.begun, sleep(BEGIN_GRACE_MS)]);
    if (this.#leader === undefined) return 'it had not begun on the host';
    if (!this.#mode.endGroup) return 'it was left alone';
    return this.#mode.endGroup(this.#leader).then(
      () => 'its processes on the host were ended',
      (error: unknown) => `its processes may still run on the host (${error instanceof Error ? error.message : error})`,
    );
  }
}
