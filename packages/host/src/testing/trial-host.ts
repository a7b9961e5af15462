import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { PROGRAMS } from '../programs.generated.ts';

/** The shells that a host may have as `sh`, each with the other programs that come with it. */
export const SHELLS = ['dash', 'busybox sh'] as const;
export type ShellName = (typeof SHELLS)[number];
type ProgramName = keyof typeof PROGRAMS;

/** How a program ended. */
export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A program that is talked with, line by line. */
export interface Conversation extends AsyncDisposable {
  readonly pid: number;
  say(line: string): void;
  /** Its next line; `undefined` when there is none any more. */
  next(): Promise<string | undefined>;
  /** Ends its input. */
  hangUp(): void;
  /** Reads no more of what it says. */
  deafen(): void;
  readonly ended: Promise<number | null>;
}

/** A program that runs by itself, in a session of its own. */
export interface Detached {
  /** Kills this process alone, not its children. */
  kill(): Promise<void>;
  readonly ended: Promise<unknown>;
}

/** A folder of this machine that serves as a host: a state folder, and a PATH whose `sh` is the shell in question. */
export class TrialHost implements AsyncDisposable {
  readonly #folder = mkdtempSync(join(tmpdir(), 'trial-host-'));
  readonly #children = new Set<ChildProcess>();
  readonly #path: string;
  #mounted = false;
  /** The folder of the environment. */
  readonly env: string;

  constructor(shell: ShellName) {
    const programs = join(this.#folder, 'bin');
    this.#path = shell === 'dash' ? `${programs}:/usr/sbin:/usr/bin:/sbin:/bin` : programs;
    this.env = join(this.#folder, 'state', 'lab', 'production');
    mkdirSync(programs);
    mkdirSync(this.env, { recursive: true });
    if (shell === 'dash') symlinkSync('/bin/dash', join(programs, 'sh'));
    else this.#installBusybox(programs);
    this.install('docker', 'exit 0\n');
    process.once('exit', this.#endAll);
  }

  /** Runs a program of ours to its end, as the frame of the runner does: `sh -c TEXT`. */
  run(name: ProgramName, args: readonly string[], stdin: string | Buffer = ''): Promise<Ended> {
    return this.sh(PROGRAMS[name], args, stdin);
  }

  async sh(script: string, args: readonly string[] = [], stdin: string | Buffer = ''): Promise<Ended> {
    const child = this.#spawn(script, args);
    child.stdin.on('error', () => undefined).end(stdin);
    const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
    return { code, stdout, stderr };
  }

  talk(name: ProgramName, args: readonly string[]): Conversation {
    const child = this.#spawn(PROGRAMS[name], args);
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    const ended = once(child, 'exit').then(([code]) => code);
    child.stdin.on('error', () => undefined);
    return {
      pid: child.pid ?? 0,
      say: (line) => void child.stdin.write(`${line}\n`),
      next: async () => (await lines.next()).value,
      hangUp: () => void child.stdin.end(),
      deafen: () => void child.stdout.destroy(),
      ended,
      async [Symbol.asyncDispose]() {
        child.stdin.end();
        await ended;
      },
    };
  }

  /** Starts the program that lies beside transaction `id`, as the launcher on a host does. */
  supervise(id: number, phase = 'apply'): Detached {
    const log = openSync(this.path(`transactions/${id}/log`), 'a');
    const program = this.path(`transactions/${id}/program`);
    const child = spawn(join(this.#folder, 'bin', 'sh'), [program, this.env, String(id), phase], {
      env: { ...this.#environment(), GITOPS_TRANSACTION: `${bootId()}/${this.env}/${id}` },
      detached: true,
      stdio: ['ignore', log, log],
    });
    closeSync(log);
    const ended = once(child, 'exit');
    return {
      ended,
      kill: async () => {
        child.kill('SIGKILL');
        await ended;
      },
    };
  }

  /** Puts a script of the test's into PATH, in place of what may be there. */
  install(name: string, script: string): void {
    const path = join(this.#folder, 'bin', name);
    // It may be a link to busybox, which is not to be written through.
    rmSync(path, { force: true });
    writeFileSync(path, `#!/bin/sh\n${script}`, { mode: 0o755 });
  }

  /** Puts the environment's folder on a disk of its own. False where this user may not mount one. */
  mountSmallDisk(sizeKiB: number): boolean {
    const options = `size=${sizeKiB}k,mode=0700,uid=${process.getuid?.()}`;
    this.#mounted = asRoot(['mount', '-t', 'tmpfs', '-o', options, 'none', this.env]);
    return this.#mounted;
  }

  /** A path below the environment's folder. */
  path(...parts: readonly string[]): string {
    return join(this.env, ...parts);
  }

  /** Writes a file below the environment's folder, whole at once, and the folders on the way. */
  write(path: string, content: string): void {
    const folder = join(this.path(path), '..');
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, '.draft'), content);
    renameSync(join(folder, '.draft'), this.path(path));
  }

  /** A file below the environment's folder; empty if there is none. */
  read(path: string): string {
    try {
      return readFileSync(this.path(path), 'utf8');
    } catch {
      return '';
    }
  }

  /** Everything that still runs on this host, whoever started it: it carries the folder in its environment. */
  processes(): readonly number[] {
    const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
    return pids.filter((pid) => environmentOf(pid).includes(this.#folder)).map(Number);
  }

  /** Debian builds busybox without flock, which others have in it. */
  #installBusybox(programs: string): void {
    execFileSync('/bin/busybox', ['--install', '-s', programs]);
    if (!existsSync(join(programs, 'flock'))) symlinkSync('/usr/bin/flock', join(programs, 'flock'));
  }

  #environment(): Record<string, string> {
    return { PATH: this.#path, HOME: this.#folder };
  }

  #spawn(script: string, args: readonly string[]) {
    const child = spawn(join(this.#folder, 'bin', 'sh'), ['-c', script, 'gitops', ...args], {
      env: this.#environment(),
      cwd: this.#folder,
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    child.stderr.setEncoding('utf8');
    this.#children.add(child);
    child.once('exit', () => this.#children.delete(child));
    return child;
  }

  /** Everything ends at the latest with the test process, so that a test that hangs leaves nothing either. */
  #endAll = (): void => {
    for (const pid of this.processes()) end(pid);
    if (this.#mounted) asRoot(['umount', '-l', this.env]);
    rmSync(this.#folder, { recursive: true, force: true });
  };

  async [Symbol.asyncDispose](): Promise<void> {
    const exits = [...this.#children].map((child) => once(child, 'exit'));
    for (let left = this.processes(); left.length > 0; left = this.processes()) {
      for (const pid of left) end(pid);
      await sleep(5);
    }
    await Promise.all(exits);
    process.off('exit', this.#endAll);
    this.#endAll();
  }
}

function asRoot(command: readonly string[]): boolean {
  const [program = '', ...args] = process.getuid?.() === 0 ? command : ['sudo', '-n', ...command];
  return spawnSync(program, args).status === 0;
}

function environmentOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'latin1');
  } catch {
    return '';
  }
}

function end(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It ended by itself.
  }
}

/** The boot that claims and states are dated by. */
export function bootId(): string {
  return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
}

/** The clock of leases, in whole seconds. */
export function uptimeSeconds(): number {
  return Math.floor(Number(readFileSync('/proc/uptime', 'utf8').split(' ')[0]));
}

/** Whether a process of this machine is at work; a zombie does nothing any more. */
export function isAtWork(pid: number): boolean {
  try {
    return !/^\d+ \(.*\) [ZX]/s.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

/** Waits until something holds. Throws after 20 seconds, with `what` was waited for. */
export async function until(what: string, holds: () => boolean): Promise<void> {
  const deadline = performance.now() + 20_000;
  while (!holds()) {
    if (performance.now() > deadline) throw new Error(`waited in vain until ${what}`);
    await sleep(10);
  }
}
