import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import * as v from 'valibot';
import type { DeploymentLab } from '../../test/lab/deployment-lab.ts';

const PATIENCE_MS = 60_000;

const JournalLine = v.object({
  at: v.string(),
  transaction: v.number(),
  phase: v.string(),
  step: v.string(),
  event: v.string(),
  code: v.number(),
});

/** Waits until the newest transaction on the host is in one of these states. */
export async function reached(lab: DeploymentLab, wanted: readonly string[]): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS;
  while (!wanted.includes(await lab.transactionState())) {
    if (performance.now() > deadline) throw new Error(`the transaction never became ${wanted.join(' or ')}`);
    await sleep(50);
  }
}

/** The finished steps of the newest transaction, as the host wrote them into its journal. */
export async function newestSteps(lab: DeploymentLab): Promise<readonly string[]> {
  const text = await readFile(join(lab.folder, 'journal.ndjson'), 'utf8');
  const lines = text
    .trim()
    .split('\n')
    .map((line) => v.parse(JournalLine, JSON.parse(line)));
  const newest = lines.filter(({ transaction, event }) => transaction === lines.at(-1)?.transaction && event === 'end');
  return newest.map(
    ({ at, phase, step, code }) =>
      `${at.slice(11, 19)}  ${phase} ${step}, ${code === 0 ? 'done' : `exit code ${code}`}`,
  );
}

/** Has everything that was started over SSH ended? The supervisor ends a moment after its last word. */
export async function leavesNoProcess({ host }: DeploymentLab): Promise<boolean> {
  for (let attempt = 0; attempt < 20 && (await host.processes()).length > 0; attempt++) await sleep(50);
  return (await host.processes()).length === 0;
}
