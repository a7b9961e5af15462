import { execFile } from 'node:child_process';
import { chmod, copyFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { refuseSecrets } from './planted.ts';
import { createTemporaryDirectory, type TemporaryDirectory } from './temporary-directory.ts';
import { compileCache } from './test-run.ts';

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
    return runProgram([join(cwd, 'gitops.mjs'), ...words], { cwd, env: { HOME: cwd, ...this.#env } });
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

/** Where a program of Node runs, and what it finds in its environment besides PATH. */
export interface ProgramPlace {
  readonly cwd?: string;
  readonly env: NodeJS.ProcessEnv;
}

/** Runs a script of Node with its words to its end, whatever its exit code. What it prints must show no secret. */
export function runProgram(words: readonly string[], { cwd, env }: ProgramPlace): Promise<CommandLineResult> {
  const { promise, resolve, reject } = Promise.withResolvers<CommandLineResult>();
  const options = { env: { PATH: process.env['PATH'], ...compileCache(), ...env }, ...(cwd !== undefined && { cwd }) };
  const child = execFile(process.execPath, [...words], options, (_, stdout, stderr) => {
    try {
      refuseSecrets({ 'standard output': stdout, 'standard error': stderr });
      resolve({ code: child.exitCode, stdout, stderr });
    } catch (error) {
      reject(error);
    }
  });
  return promise;
}
