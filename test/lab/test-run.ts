import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What the processes of a test run carry in their environment, so that they are found wherever they are. */
export const runVariable = 'GITOPS_LAB_RUN';

/**
 * The set-up of a test run, in the process that starts its workers. Whatever they leave is removed when this process ends: a signal
 * to it has them killed before they could clean up.
 */
export function setup(): void {
  const run = randomBytes(4).toString('hex');
  const directory = mkdtempSync(join(tmpdir(), 'gitops-lab-'));
  Object.assign(process.env, { [runVariable]: run, TMPDIR: directory });
  const program = join(import.meta.dirname, 'sweep.ts');
  process.once('exit', () => spawnSync(process.execPath, [program, run, directory], { stdio: 'inherit' }));
}

/** The variable that marks a process of this run; none outside of a test run. */
export function runMark(): Readonly<Record<string, string>> {
  const run = process.env[runVariable];
  return run === undefined ? {} : { [runVariable]: run };
}
