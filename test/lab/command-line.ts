import { execFile } from 'node:child_process';
import { chmod, copyFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createTemporaryDirectory, type TemporaryDirectory } from './temporary-directory.ts';

const bundle = join(import.meta.dirname, '..', '..', 'dist', 'gitops.mjs');

/** How a command ended. */
export interface CommandLineResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A place for `gitops.mjs` alone: no `node_modules` beside it or above, and no home with keys. */
export class CommandLine implements AsyncDisposable {
  readonly #folder: TemporaryDirectory;
  readonly #env: Readonly<Record<string, string>>;

  private constructor(folder: TemporaryDirectory, env: Readonly<Record<string, string>>) {
    this.#folder = folder;
    this.#env = env;
  }

  /** `env` is what it finds in its environment, besides PATH and HOME. */
  static async create(env: Readonly<Record<string, string>> = {}): Promise<CommandLine> {
    const folder = await createTemporaryDirectory('cli');
    await copyFile(bundle, join(folder.path, 'gitops.mjs'));
    return new CommandLine(folder, env);
  }

  /** Runs the command line to its end, whatever its exit code. */
  run(...words: readonly string[]): Promise<CommandLineResult> {
    const cwd = this.#folder.path;
    return new Promise((resolve) => {
      const options = { cwd, env: { ...this.#env, PATH: process.env['PATH'], HOME: cwd } };
      const child = execFile(process.execPath, ['gitops.mjs', ...words], options, (_, stdout, stderr) =>
        resolve({ code: child.exitCode, stdout, stderr }),
      );
    });
  }

  /** A file with the private key of a host. */
  async identity(name: string, key: string): Promise<string> {
    const path = join(this.#folder.path, name);
    await writeFile(path, key);
    await chmod(path, 0o600);
    return path;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#folder[Symbol.asyncDispose]();
  }
}
