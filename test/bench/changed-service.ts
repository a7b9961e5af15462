import type { Arena } from './arena.ts';
import { contest, timesOf } from './contest.ts';
import { Outage } from './outage.ts';
import { Phases } from './phases.ts';
import type { Residue } from './residue.ts';
import { watchStart } from './start-of-container.ts';
import type { Row } from './table.ts';

/** One of ten services changes: how long until its new container runs, and how long nobody answered. */
export async function measureChangedService(
  arena: Arena,
  residue: Residue,
): Promise<{ rows: readonly Row[]; phases: string }> {
  const phases = new Phases();
  const outages = { ours: [] as number[], plain: [] as number[] };
  let version = 0;
  const times = await contest({
    ours: async () => {
      await arena.lab.commit({ 'compose.yaml': arena.composeFile('ours', String(++version)) });
      const ms = await measure(arena.lab.project, arena.ports.ours, outages.ours, () => deploy(arena, phases));
      await residue.look([arena.lab.host]);
      return ms;
    },
    plain: () => {
      const file = arena.composeFile('plain', String(version));
      return measure(arena.plain.project, arena.ports.plain, outages.plain, async () => {
        await arena.plain.copy(file);
        await arena.plain.up();
      });
    },
  });
  const rows = [
    { what: 'one changed service, until it runs', ...times, budget: 1.5 },
    { what: '… during which nobody answered', ours: counted(outages.ours), plain: counted(outages.plain), budget: 1.1 },
  ];
  return { rows, phases: phases.text() };
}

/** From the start of `work` to the start of the new container, by Docker's own record of it. */
async function measure(project: string, port: number, outages: number[], work: () => Promise<void>): Promise<number> {
  const started = watchStart(project, 'web');
  const outage = new Outage(port);
  const begin = Date.now();
  await work();
  const at = await started;
  outages.push(await outage.ended());
  return at - begin;
}

async function deploy({ lab }: Arena, phases: Phases): Promise<void> {
  const { outputs, durationMs, log } = await lab.deploy();
  if (outputs['outcome'] !== 'deployed') throw new Error(`${outputs['outcome']} instead of deployed:\n${log}`);
  await phases.add(outputs['result'] ?? '', durationMs);
}

/** Without the warm-up round. */
function counted(outages: readonly number[]): ReturnType<typeof timesOf> {
  return timesOf(outages.slice(1));
}
