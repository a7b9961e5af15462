import { openArena } from './arena.ts';
import { measureChangedService } from './changed-service.ts';
import { measureDeadRunner } from './dead-runner.ts';
import { measureNoOp } from './no-op.ts';
import { Residue } from './residue.ts';
import { measureStart } from './start.ts';
import { type Row, resultTable } from './table.ts';
import { measureTwentyHosts } from './twenty-hosts.ts';
import { measureValidation } from './validation.ts';

/** Measures the budgets of docs/bench.md and prints one table. A missed budget is a fact to read, not a failure. */
async function main(): Promise<void> {
  const residue = new Residue();
  const start = await measureStart();
  const validation = await measureValidation();
  const one = await measureOneHost(residue);
  const twenty = await measureTwentyHosts(residue);
  console.log(resultTable([...one.rows, start, validation, ...twenty.rows, residue.row()]));
  console.log('\nWhere ours goes, medians in ms (load and connect run side by side):');
  for (const [what, phases] of [...one.phases, ['no-op on 20 hosts', twenty.phases] as const]) {
    console.log(`  ${what.padEnd(20)} ${phases}`);
  }
}

async function measureOneHost(residue: Residue): Promise<{
  readonly rows: readonly Row[];
  readonly phases: readonly (readonly [what: string, phases: string])[];
}> {
  await using arena = await openArena();
  const noOp = await measureNoOp(arena, residue);
  const changed = await measureChangedService(arena, residue);
  const dead = await measureDeadRunner(arena);
  const phases = [['no-op, action', noOp.phases] as const, ['one changed service', changed.phases] as const];
  return { rows: [...noOp.rows, ...changed.rows, dead], phases };
}

await main();
