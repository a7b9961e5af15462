import { join } from 'node:path';
import { runCommand } from '../lab/command.ts';
import type { Arena } from './arena.ts';
import { contest } from './contest.ts';
import { Phases } from './phases.ts';
import type { Residue } from './residue.ts';
import { timed } from './stop-watch.ts';
import type { Row } from './table.ts';

const commandLine = join(import.meta.dirname, '..', '..', 'dist', 'gitops.mjs');
const promise = { budget: 1, note: 'floor 0.75×' };

/** Deploying what is already there: as an action, and from a terminal. */
export async function measureNoOp(arena: Arena, residue: Residue): Promise<{ rows: readonly Row[]; phases: string }> {
  const phases = new Phases();
  const times = await contest({
    action: () => deployByAction(arena, phases).finally(() => residue.look([arena.lab.host])),
    commandLine: () => timed(() => deployByCommandLine(arena)).finally(() => residue.look([arena.lab.host])),
    plain: () => timed(() => arena.plain.up()),
  });
  const rows = [
    { what: 'no-op of 10 services, action', ours: times.action, plain: times.plain, ...promise },
    { what: 'no-op of 10 services, gitops', ours: times.commandLine, plain: times.plain, ...promise },
  ];
  return { rows, phases: phases.text() };
}

async function deployByAction({ lab }: Arena, phases: Phases): Promise<number> {
  const { outputs, durationMs, log } = await lab.deploy();
  if (outputs['outcome'] !== 'unchanged') throw new Error(`not a no-op but ${outputs['outcome']}:\n${log}`);
  await phases.add(outputs['result'] ?? '', durationMs);
  return durationMs;
}

async function deployByCommandLine({ lab, keyFile }: Arena): Promise<void> {
  const args = ['deploy', 'lab', '--directory', lab.repository.path, '--identity', keyFile];
  await runCommand(process.execPath, [commandLine, ...args]);
}
