import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ActionRun } from '../../lab/action-runner.ts';
import { removeImages } from '../../lab/images.ts';
import { endsAsTold, isPutRight, strikeAll, within } from './aftermath.ts';
import type { FaultLab, Scenario } from './fault-lab.ts';
import { isAtWork, killProgram, kills } from './host-programs.ts';
import { isLong } from './record.ts';
import { blowWhen, journalled, linesUpTo, runTo } from './steps-of-run.ts';
import { scenarios, type Undisturbed, undisturbed } from './undisturbed.ts';

const LONG_MS = 3_600_000;
let calm: Readonly<Record<Scenario, Undisturbed>>;

beforeAll(async () => {
  calm = await undisturbed();
});

afterAll(removeImages);

type Victim = keyof typeof kills;

interface Sweep {
  readonly victim: Victim;
  readonly during: Scenario;
  readonly steps: (lines: number) => readonly number[];
}

const quick: readonly Sweep[] = [
  { victim: 'its leader', during: 'deploy', steps: () => [3, 5, 4, 6] },
  { victim: 'its process group', during: 'revert', steps: () => [4] },
  { victim: 'all that belongs to it', during: 'revert', steps: (lines) => [8, lines] },
  { victim: 'all that belongs to it', during: 'first deploy', steps: () => [3] },
];
const every: readonly Sweep[] = scenarios.flatMap((during) =>
  (['its leader', 'its process group', 'all that belongs to it'] as const).map((victim) => ({
    ...{ victim, during },
    steps: linesUpTo,
  })),
);

/** Every second time the runner is lost with it; the others have to see it and put things right themselves. */
async function whatComesOf(
  faults: FaultLab,
  blow: { readonly fault: string; readonly during: Scenario; readonly since: number; readonly run: ActionRun },
  isLost: boolean,
): Promise<readonly string[]> {
  if (isLost) blow.run.kill();
  const first = await within('the run', blow.run.done);
  if (isLost) return isPutRight(faults, { ...blow, first });
  const wrong = await endsAsTold(faults, { ...blow, first });
  return wrong.length > 0 ? wrong : isPutRight(faults, { ...blow, fault: `${blow.fault}, run again`, first });
}

/** Nothing has struck; what the run has brought is there. */
async function isUntouched(faults: FaultLab, run: ActionRun): Promise<readonly string[]> {
  await within('the run', run.done);
  const { state, seen } = await faults.ended();
  return state === 'otherwise' ? [seen] : [];
}

describe.concurrent('a transaction that loses, on its host,', () => {
  test.each(isLong ? every : quick)(
    '$victim at a step of a $during is brought to a verified state',
    async ({ victim, during, steps }) => {
      const wrong = await strikeAll(steps(calm[during].lines), async (faults, step, index) => {
        await faults.before(during);
        const { run, since, isHit } = await runTo(faults.lab, step, kills[victim]);
        // After the last line the supervisor ends by itself, and may have done so.
        if (!isHit) return step === calm[during].lines ? isUntouched(faults, run) : ['there was nothing to kill'];
        return whatComesOf(faults, { fault: `supervisor loses ${victim}`, during, since, run }, index % 2 === 0);
      });
      expect(wrong).toEqual([]);
    },
    LONG_MS,
  );
});

describe.concurrent('the program that lays a transaction down', () => {
  test.each(isLong ? scenarios : (['deploy'] as const))(
    'may be killed at its work, before a %s',
    async (during) => {
      const steps = ['files are laid down', 'the transaction is there'] as const;
      const wrong = await strikeAll(isLong ? [...steps, ...steps] : steps.slice(0, 1), async (faults, step, index) => {
        await faults.before(during);
        const { run, since, isHit } = await runTo(faults.lab, step, killProgram('begin'));
        // With the transaction there, it has only a few things left to do.
        if (!isHit) return step === steps[1] ? isUntouched(faults, run) : ['there was nothing to kill'];
        return whatComesOf(faults, { fault: 'begin killed', during, since, run }, index > 0);
      });
      expect(wrong).toEqual([]);
    },
    LONG_MS,
  );
});

/** What dies while a recovery is under way. */
const recoveryBlows = {
  'the program that recovers': killProgram('recover'),
  'the supervisor that goes back': kills['all that belongs to it'],
  // Where the recovery has only just begun, no supervisor is there yet.
  both: `{ ${killProgram('recover')}; } && { ${kills['all that belongs to it']}; true; }`,
} as const;

interface Recovery {
  readonly victim: keyof typeof recoveryBlows;
  readonly during: Scenario;
  /** Lines in the journal of going back; with none, the recovery has just begun. */
  readonly lines: readonly number[];
}

const quickRecoveries: readonly Recovery[] = [{ victim: 'both', during: 'deploy', lines: [0, 4] }];
const everyRecovery: readonly Recovery[] = scenarios.flatMap((during) =>
  (['the program that recovers', 'the supervisor that goes back', 'both'] as const).map((victim) => ({
    ...{ victim, during },
    lines: victim === 'the supervisor that goes back' ? [1, 2, 4] : [0, 1, 2, 4],
  })),
);

describe.concurrent('a recovery', () => {
  test.each(isLong ? everyRecovery : quickRecoveries)(
    'of a $during that loses $victim is recovered by the next run',
    async ({ victim, during, lines }) => {
      const wrong = await strikeAll(lines, async (faults, count) => {
        await faults.before(during);
        const lost = await runTo(faults.lab, 3, kills['all that belongs to it']);
        if (!lost.isHit) return ['there was nothing to kill'];
        lost.run.kill();
        await lost.run.done;
        const run = faults.lab.start();
        const moment = count === 0 ? isAtWork('recover') : journalled(count, 'revert');
        const isHit = await blowWhen(faults.lab, run, lost.fence, moment, recoveryBlows[victim]);
        if (!isHit) return ['there was nothing to kill'];
        const since = performance.now();
        const first = await within('the run', run.done);
        return isPutRight(faults, { fault: `recovery loses ${victim}`, during, since, first });
      });
      expect(wrong).toEqual([]);
    },
    LONG_MS,
  );
});
