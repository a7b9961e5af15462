import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { faultTable, otherwiseSeen, parseStruck } from '../test/e2e/faults/fault-table.ts';
import { reportVariable } from '../test/e2e/faults/record.ts';
import { parseHostKinds } from '../test/lab/lab-host.ts';

const root = join(import.meta.dirname, '..');

/**
 * Tries all faults that the tests know, on the kinds of host that GITOPS_LAB names, and prints what came of them. Words after
 * the script's name choose the files. Fails if a fault ended in neither state, or a test did.
 */
async function main(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'gitops-faults-'));
  try {
    const report = join(folder, 'report.ndjson');
    const exitCode = await strike(report, process.argv.slice(2));
    const struck = existsSync(report) ? parseStruck(await readFile(report, 'utf8')) : [];
    const otherwise = otherwiseSeen(struck);
    console.log(`\n${faultTable(struck)}`);
    for (const seen of otherwise) console.log(`\nEnded otherwise: ${seen}`);
    process.exitCode = exitCode === 0 && otherwise.length === 0 && struck.length > 0 ? 0 : 1;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Returns the exit code of the tests. */
async function strike(report: string, chosen: readonly string[]): Promise<number | null> {
  const projects = parseHostKinds(process.env['GITOPS_LAB']).flatMap((kind) => ['--project', kind]);
  const files = chosen.length > 0 ? chosen.map((name) => `test/e2e/faults/${name}`) : ['test/e2e/faults/'];
  const program = join(root, 'node_modules', 'vitest', 'vitest.mjs');
  const child = spawn(process.execPath, [program, 'run', ...projects, ...files], {
    cwd: root,
    env: { ...process.env, GITOPS_FAULTS: 'long', [reportVariable]: report },
    stdio: 'inherit',
  });
  const [exitCode] = await once(child, 'exit');
  return exitCode;
}

await main();
