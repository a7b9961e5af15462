import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ActionRun } from '../../lab/action-runner.ts';
import { removeImages } from '../../lab/images.ts';
import { type Blow, endsAlone, isPutRight, strikeAll, within } from './aftermath.ts';
import type { FaultLab, Scenario } from './fault-lab.ts';
import { isLong } from './record.ts';
import { seed, seededRandom } from './seeded-random.ts';
import { allSteps, runTo, type Step } from './steps-of-run.ts';
import { scenarios, type Undisturbed, undisturbed } from './undisturbed.ts';

const LONG_MS = 3_600_000;
let calm: Readonly<Record<Scenario, Undisturbed>>;

beforeAll(async () => {
  calm = await undisturbed();
});

afterAll(removeImages);

const ends = {
  killed: (run: ActionRun) => run.kill(),
  cancelled: (run: ActionRun) => run.cancel(),
};
type End = keyof typeof ends;

/** Every second time the host is left alone before somebody runs again. */
function whatComesOf(faults: FaultLab, blow: Blow, index: number): Promise<readonly string[]> {
  return index % 2 === 0 ? isPutRight(faults, blow) : endsAlone(faults, blow);
}

interface Sweep {
  readonly end: End;
  readonly during: Scenario;
  readonly steps: (lines: number) => readonly Step[];
}

const quick: readonly Sweep[] = [
  { end: 'killed', during: 'deploy', steps: allSteps },
  { end: 'cancelled', during: 'first deploy', steps: () => [3] },
  { end: 'killed', during: 'revert', steps: (lines) => [5, lines - 4] },
  { end: 'cancelled', during: 'revert', steps: () => [8] },
];
const every: readonly Sweep[] = scenarios.flatMap((during) =>
  (['killed', 'cancelled'] as const).map((end) => ({ end, during, steps: allSteps })),
);

describe.concurrent('a run that is', () => {
  test.each(isLong ? every : quick)(
    '$end at a step of a $during leaves what the host ends alone, and the next run puts right',
    async ({ end, during, steps }) => {
      const wrong = await strikeAll(steps(calm[during].lines), async (faults, step, index) => {
        await faults.before(during);
        const { run, since } = await runTo(faults.lab, step);
        ends[end](run);
        const first = await within('the run', run.done);
        return whatComesOf(faults, { fault: `run ${end} at a step`, during, since, first }, index);
      });
      expect(wrong).toEqual([]);
    },
    LONG_MS,
  );
});

interface Instant {
  readonly end: End;
  readonly during: Scenario;
  /** Of the duration of an undisturbed run. */
  readonly share: number;
}

function instants(lane: number, count: number): readonly Instant[] {
  const random = seededRandom(seed + lane);
  return Array.from({ length: count }, (_, index) => ({
    end: index % 2 === 0 ? 'killed' : 'cancelled',
    during: scenarios[(lane + (index >> 1)) % scenarios.length] ?? 'deploy',
    share: random(),
  }));
}

/** A run that has been under way for so long. One that is over by then was quicker than the measured one, and is struck earlier. */
async function runUntil(faults: FaultLab, during: Scenario, ms: number): Promise<ActionRun> {
  await faults.before(during);
  const run = faults.lab.start();
  const isOver = await Promise.race([sleep(ms, false), run.done.then(() => true)]);
  if (!isOver) return run;
  await faults.ended();
  return runUntil(faults, during, ms / 2);
}

describe.concurrent(`a run that ends at a random instant (GITOPS_FAULTS_SEED=${seed})`, () => {
  test.each([0, 1])(
    'leaves what the host ends alone, and the next run puts right (%i)',
    async (lane) => {
      const wrong = await strikeAll(instants(lane, isLong ? 100 : 5), async (faults, { end, during, share }, index) => {
        const run = await runUntil(faults, during, share * calm[during].durationMs);
        const since = performance.now();
        ends[end](run);
        const first = await within('the run', run.done);
        return whatComesOf(faults, { fault: `run ${end} at random`, during, since, first }, index >> 1);
      });
      expect(wrong).toEqual([]);
    },
    LONG_MS,
  );
});
