import { openArena } from './arena.ts';
import { measureChangedService } from './changed-service.ts';
import { measureNoOp } from './no-op.ts';
import { measureStart } from './start.ts';
import { resultTable } from './table.ts';

/** Measures the budgets of docs/bench.md and prints one table. A missed budget is a fact to read, not a failure. */
async function main(): Promise<void> {
  await using arena = await openArena();
  const start = await measureStart();
  const noOp = await measureNoOp(arena);
  const changed = await measureChangedService(arena);
  console.log(resultTable([...noOp.rows, ...changed.rows, start]));
  console.log('\nWhere ours goes, medians in ms (load and connect run side by side):');
  console.log(`  no-op, action        ${noOp.phases}`);
  console.log(`  one changed service  ${changed.phases}`);
}

await main();
