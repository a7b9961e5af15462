import { vi } from 'vitest';
import type { ActionResult } from '../../lab/action-runner.ts';
import type { DeploymentLab } from '../../lab/deployment-lab.ts';
import { FaultLab, type Scenario } from './fault-lab.ts';
import { withSlot } from './lab-slots.ts';
import type { Look } from './project-state.ts';

/** Only ends what hangs: many times what anything here takes. */
const PATIENCE_MS = 180_000;

/** A fault that has struck. */
export interface Blow {
  /** As the table calls it. */
  readonly fault: string;
  readonly during: Scenario;
  /** By `performance.now()`. */
  readonly since: number;
  /** How the run ended that it struck. */
  readonly first: ActionResult;
}

/**
 * Strikes one after the other on one lab, which is given up for a new one where something went wrong. Returns all that went wrong.
 */
export function strikeAll<Strike>(strikes: readonly Strike[], one: Striking<Strike>): Promise<readonly string[]> {
  return withSlot(() => strikeInTurn(strikes, one));
}

/** Brings a fault about, and says what is wrong with what came of it. */
type Striking<Strike> = (faults: FaultLab, strike: Strike, index: number) => Promise<readonly string[]>;

async function strikeInTurn<Strike>(strikes: readonly Strike[], one: Striking<Strike>): Promise<readonly string[]> {
  const wrong: string[] = [];
  let faults = await FaultLab.start();
  try {
    for (const [index, strike] of strikes.entries()) {
      const found = await one(faults, strike, index).catch((error: unknown) => [String(error)]);
      if (found.length === 0) continue;
      wrong.push(...found.map((what) => `${JSON.stringify(strike)}: ${what}`));
      await faults[Symbol.asyncDispose]();
      faults = await FaultLab.start();
    }
  } finally {
    await faults[Symbol.asyncDispose]();
  }
  return wrong;
}

/** Lets the host end alone, says what is wrong with how it did, and then what is wrong with the next run. */
export async function endsAlone(faults: FaultLab, blow: Blow): Promise<readonly string[]> {
  await nothingRuns(faults.lab);
  const wrong = await endsAsTold(faults, blow, { isAlone: true });
  const next = await within('the next run', faults.lab.deploy());
  const { state, seen } = await faults.ended();
  return [...wrong, ...wrongNext(blow.during, next, state === 'otherwise' ? `otherwise: ${seen}` : state)];
}

/** Looks at the host as it is when the run has ended, and says what is wrong. */
export async function endsAsTold(
  faults: FaultLab,
  { fault, during, since, first }: Blow,
  look: Look = {},
): Promise<readonly string[]> {
  const state = await faults.struck(fault, during, since, look);
  const told = first.outputs['outcome'] ?? 'unknown';
  const agrees = promises[told]?.includes(state) ?? true;
  return [
    ...(state === 'old' || state === 'new' ? [] : [`ended ${state}\n${first.log}`]),
    ...(agrees ? [] : [`the run said ${told}, and the state is ${state}\n${first.log}`]),
  ];
}

/** Runs again at once, and says what is wrong with what that comes to. */
export async function isPutRight(faults: FaultLab, { fault, during, since }: Blow): Promise<readonly string[]> {
  const next = await within('the next run', faults.lab.deploy());
  return wrongNext(during, next, await faults.struck(fault, during, since));
}

/** Waits for a run that may hang. */
export async function within<Value>(what: string, work: Promise<Value>): Promise<Value> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(`${what} has not ended for ${PATIENCE_MS / 1000} s`)), PATIENCE_MS);
  return Promise.race([work, promise]).finally(() => clearTimeout(timer));
}

/** What an outcome says of the state. The others say that the run does not know. */
const promises: Readonly<Record<string, readonly string[]>> = {
  deployed: ['new'],
  unchanged: ['new'],
  'failed-before-change': ['old'],
  refused: ['old'],
  'rolled-back': ['old'],
};

/** Whatever happened before, the next run brings the new state, or goes back from what can't become healthy. */
function wrongNext(during: Scenario, { outputs, log }: ActionResult, state: string): readonly string[] {
  const [outcomes, expected] = during === 'revert' ? [['rolled-back'], 'old'] : [['deployed', 'unchanged'], 'new'];
  const outcome = outputs['outcome'] ?? '';
  if (outcomes.includes(outcome) && state === expected) return [];
  return [`the next run ended ${outcome}, and the state is ${state}\n${log}`];
}

async function nothingRuns({ host }: DeploymentLab): Promise<void> {
  await vi.waitFor(
    async () => {
      const left = await host.processes();
      if (left.length > 0) throw new Error(`the host does not end alone: ${left.length} processes`);
    },
    { timeout: PATIENCE_MS, interval: 100 },
  );
}
