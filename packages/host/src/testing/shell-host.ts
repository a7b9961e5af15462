import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { PROGRAMS } from '../programs.generated.ts';

/** What `sh` may be on a host. */
export const SHELLS = { dash: '/bin/dash', busybox: '/bin/busybox' } as const;

/** A folder that plays an environment's folder on a host whose `sh` is the given one, and whose Docker says nothing. */
export class ShellHost implements AsyncDisposable {
  readonly env: string;
  readonly #root: string;

  constructor(root: string) {
    this.#root = root;
    this.env = join(root, 'env');
  }

  /** Starts a program of ours, with `sh` being this host's shell in everything it starts. */
  start(program: keyof typeof PROGRAMS, ...args: readonly string[]): ChildProcessWithoutNullStreams {
    const PATH = `${join(this.#root, 'bin')}:${process.env['PATH']}`;
    return spawn(join(this.#root, 'bin', 'sh'), ['-c', PROGRAMS[program], 'gitops', ...args], {
      env: { PATH, HOME: this.#root, ...(program === 'supervise' && { GITOPS_TRANSACTION: this.#transaction() }) },
      cwd: this.#root,
    });
  }

  /** What the launcher marks everything with that belongs to transaction 2. */
  #transaction(): string {
    return `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()}/${this.env}/2`;
  }

  /** Runs a program to its end and returns what it printed. */
  async run(program: keyof typeof PROGRAMS, ...args: readonly string[]): Promise<string> {
    const child = this.start(program, ...args);
    child.stdin.end();
    const [out] = await Promise.all([text(child.stdout), once(child, 'exit')]);
    return out;
  }

  /** A file below the environment's folder; empty if it is not there. */
  read(path: string): Promise<string> {
    return readFile(join(this.env, path), 'utf8').catch(() => '');
  }

  async write(path: string, content: string): Promise<void> {
    await mkdir(join(this.env, path, '..'), { recursive: true });
    await writeFile(join(this.env, path), content);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.#root, { recursive: true, force: true });
  }
}

/** Makes a host. Close it with `await using`. */
export async function startShellHost(shell: keyof typeof SHELLS): Promise<ShellHost> {
  const root = await mkdtemp(join(tmpdir(), 'gitops-shell-'));
  await mkdir(join(root, 'bin'));
  await mkdir(join(root, 'env'));
  await symlink(SHELLS[shell], join(root, 'bin', 'sh'));
  await writeFile(join(root, 'bin', 'docker'), '#!/bin/sh\nexit 0\n', { mode: 0o755 });
  return new ShellHost(root);
}
