import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import type { RunSops } from './sops-program.ts';

/** Key services answer within seconds; a person may have to type a passphrase. */
const LONGEST_MS = 120_000;

/**
 * Runs the program `sops` of this machine. It reads the encrypted file from a folder of its own, as what it is given on its
 * standard input it can't open, and writes the decrypted one to us alone.
 */
export function sopsOnPath(env: NodeJS.ProcessEnv, longestMs = LONGEST_MS): RunSops {
  return async (words, content, identities) => {
    const folder = await mkdtemp(join(tmpdir(), 'gitops-sops-'));
    try {
      const file = join(folder, 'encrypted');
      await writeFile(file, content, { mode: 0o600 });
      return await run([...words, file], withIdentities(env, identities), longestMs);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  };
}

/** Keys go over the environment, since everybody on a machine may read the words of a command. */
function withIdentities(env: NodeJS.ProcessEnv, identities: readonly string[]): NodeJS.ProcessEnv {
  return identities.length === 0 ? env : { ...env, SOPS_AGE_KEY: identities.join('\n') };
}

async function run(words: readonly string[], env: NodeJS.ProcessEnv, longestMs: number) {
  const child = spawn('sops', words, { env, stdio: ['ignore', 'pipe', 'ignore'], detached: true });
  const timer = setTimeout(() => killGroup(child.pid), longestMs);
  try {
    const [stdout, [exitCode]] = await Promise.all([buffer(child.stdout), once(child, 'close')]);
    return { stdout, exitCode: typeof exitCode === 'number' ? exitCode : undefined };
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

/** With what it has started, such as gpg. */
export function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch (error) {
    // All of them have ended by themselves since.
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}
