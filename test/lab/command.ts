import { type ExecFileException, execFile } from 'node:child_process';

/** A command of the lab that failed, with what it was and what it said. */
export class CommandFailed extends Error {
  override readonly name = 'CommandFailed';
  readonly argv: readonly string[];
  readonly stderr: string;

  constructor(argv: readonly string[], stderr: string, cause: ExecFileException) {
    super(`\`${argv.join(' ')}\` failed: ${stderr.trim() || cause.message}`, { cause });
    this.argv = argv;
    this.stderr = stderr;
  }
}

/** Where and with what a command runs; `input` goes to its standard input. */
export interface CommandOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly input?: string | Uint8Array;
}

/**
 * Runs a program to its end and returns its standard output without the last line break.
 * @throws CommandFailed when it can't start or exits with another code than 0.
 */
export function runCommand(command: string, args: readonly string[], options: CommandOptions = {}): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const settings = { cwd: options.cwd, env: options.env ?? process.env, maxBuffer: 64 * 1024 * 1024 };
  const child = execFile(command, [...args], settings, (error, stdout, stderr) => {
    if (error) reject(new CommandFailed([command, ...args], stderr, error));
    else resolve(stdout.replace(/\n$/, ''));
  });
  // A program that exits without reading its input closes the pipe; its exit code tells the story.
  child.stdin?.on('error', () => {});
  child.stdin?.end(options.input);
  return promise;
}
