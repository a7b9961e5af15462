import { FaultLab, type Scenario } from './fault-lab.ts';

/** What a scenario is like that nothing strikes. */
export interface Undisturbed {
  /** Lines that it writes into the journal. */
  readonly lines: number;
  readonly durationMs: number;
}

export const scenarios = ['first deploy', 'deploy', 'revert', 'rollback'] as const satisfies readonly Scenario[];

/** Runs each scenario to its end, one after the other. */
export async function undisturbed(): Promise<Readonly<Record<Scenario, Undisturbed>>> {
  await using faults = await FaultLab.start();
  return {
    'first deploy': await measured(faults, 'first deploy'),
    deploy: await measured(faults, 'deploy'),
    revert: await measured(faults, 'revert'),
    rollback: await measured(faults, 'rollback'),
  };
}

async function measured(faults: FaultLab, scenario: Scenario): Promise<Undisturbed> {
  await faults.before(scenario);
  const before = await countLines(faults);
  const begin = performance.now();
  const { outputs, log } = await faults.lab.deploy();
  const durationMs = performance.now() - begin;
  const { state, seen } = await faults.ended();
  const [outcome, expected] = scenario === 'revert' ? ['rolled-back', 'old'] : ['deployed', 'new'];
  if (outputs['outcome'] !== outcome || state !== expected)
    throw new Error(`An undisturbed ${scenario} ended ${outputs['outcome']}, ${state}: ${seen}\n${log}`);
  return { lines: (await countLines(faults)) - before, durationMs };
}

async function countLines({ lab }: FaultLab): Promise<number> {
  return Number(await lab.sh(`cat '${lab.folder}/journal.ndjson' 2>/dev/null | wc -l`));
}
