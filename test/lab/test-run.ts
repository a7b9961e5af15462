import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Where Node keeps compiled programs. */
const cacheVariable = 'NODE_COMPILE_CACHE';

/** What the processes of a test run carry in their environment, so that they are found wherever they are. */
export const runVariable = 'GITOPS_LAB_RUN';

/**
 * The set-up of a test run, in the process that starts its workers. Whatever they leave is removed when this process ends: a signal
 * to it has them killed before they could clean up.
 */
export function setup(): void {
  const run = randomBytes(4).toString('hex');
  const directory = mkdtempSync(join(tmpdir(), 'gitops-lab-'));
  Object.assign(process.env, { [runVariable]: run, TMPDIR: directory, [cacheVariable]: join(directory, 'compiled') });
  const program = join(import.meta.dirname, 'sweep.ts');
  process.once('exit', () => spawnSync(process.execPath, [program, run, directory], { stdio: 'inherit' }));
}

/** The variable that marks a process of this run; none outside of a test run. */
export function runMark(): Readonly<Record<string, string>> {
  const run = process.env[runVariable];
  return run === undefined ? {} : { [runVariable]: run };
}

/**
 * For the bundles, which a test run starts thousands of times: Node keeps what it has compiled of them for as long as the run lasts.
 * Nothing outside of a test run, so that what is measured is what users get.
 */
export function compileCache(): Readonly<Record<string, string>> {
  const cache = process.env[cacheVariable];
  return process.env[runVariable] === undefined || cache === undefined ? {} : { [cacheVariable]: cache };
}
