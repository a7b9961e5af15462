import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

export interface Verdict {
  readonly accepts: boolean;
  /** What `config --format json` printed. */
  readonly model?: unknown;
  readonly said: string;
}

/** The project's name wherever Compose is asked. */
export const PROJECT = 'shop';

/** Asks the Compose of this machine what it makes of the files in a folder. */
export async function askCompose(folder: string, ...options: readonly string[]): Promise<Verdict> {
  const env = { PATH: process.env['PATH'], HOME: process.env['HOME'] };
  const words = [
    'compose',
    '-p',
    PROJECT,
    '--all-resources',
    ...options,
    'config',
    '--format',
    'json',
    '--no-env-resolution',
  ];
  try {
    const { stdout } = await run('docker', words, { cwd: folder, env });
    return { accepts: true, model: JSON.parse(stdout), said: '' };
  } catch (error) {
    if (error instanceof Error && 'stderr' in error) return { accepts: false, said: String(error.stderr) };
    throw error;
  }
}

export async function layOut(folder: string, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
}
