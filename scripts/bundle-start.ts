import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

/** What a bundle says that was built without complaint and lacks a part. */
const brokenBundle = /ReferenceError|SyntaxError|Cannot find (module|package)|ERR_MODULE_NOT_FOUND|Dynamic require/;

/**
 * Starts a bundled action without any input, alone in an empty directory: it has to fail because of the missing input. Bundlers
 * report success for bundles that can't even load, so this is the first real sign of life.
 * @throws Error with the bundle's output when it passes or fails for another reason.
 */
export async function checkBundleStarts(bundle: string): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'gitops-start-'));
  try {
    const { exitCode, output } = await start(bundle, directory);
    if (exitCode === 0) throw new Error(`${bundle} passes without its inputs. It printed:\n${output}`);
    if (brokenBundle.test(output)) throw new Error(`${bundle} can't start:\n${output}`);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

interface Ending {
  readonly exitCode: number | null;
  readonly output: string;
}

async function start(bundle: string, directory: string): Promise<Ending> {
  const env = { PATH: process.env['PATH'], HOME: directory, RUNNER_TEMP: directory, GITHUB_ACTIONS: 'true' };
  const child = spawn(process.execPath, [bundle], { cwd: directory, env, stdio: ['ignore', 'pipe', 'pipe'] });
  const { promise, resolve, reject } = Promise.withResolvers<number | null>();
  child.once('error', reject).once('close', resolve);
  const [stdout, stderr, exitCode] = await Promise.all([text(child.stdout), text(child.stderr), promise]);
  return { exitCode, output: stdout + stderr };
}
