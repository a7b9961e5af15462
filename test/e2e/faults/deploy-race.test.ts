import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import type { DeploymentLab } from '../../lab/deployment-lab.ts';
import { removeImages } from '../../lab/images.ts';
import { createTemporaryDirectory } from '../../lab/temporary-directory.ts';
import { within } from './aftermath.ts';
import { FaultLab } from './fault-lab.ts';
import { checkedState } from './project-state.ts';
import { isLong } from './record.ts';

afterAll(removeImages);

const LONG_MS = 3_600_000;
const rounds = isLong ? 10 : 2;

/** Nothing is wrong with any of the commits, so that a run brings its own, or finds it or a newer one there. */
const ENDS = /^(?:deployed|unchanged|superseded)$/;

test(
  `three runs from two clones and one from a terminal, ${rounds} times at once, take turns and leave one version`,
  async () => {
    await using faults = await FaultLab.start();
    await using folder = await createTemporaryDirectory('clone');
    const { lab } = faults;
    const older = join(folder.path, 'older');
    await faults.before('first deploy');
    await lab.repository.git('clone', '--quiet', '.', older);
    for (let round = 0; round < rounds; round++) {
      // The clone stays one commit behind.
      await lab.repository.git('-C', older, 'pull', '--quiet', '--ff-only');
      await faults.commitOther();
      await deployAtOnce(lab, older);
      const { version, seen } = await checkedState(lab);
      expect(version, seen).toMatch(/^(?:one|two)$/);
      expect(await overlaps(lab)).toEqual([]);
    }
  },
  LONG_MS,
);

async function deployAtOnce(lab: DeploymentLab, clone: string): Promise<void> {
  const runs = [lab.start(), lab.start({}, { workspace: clone }), lab.start()];
  const [terminal, ...actions] = await within(
    'a race',
    Promise.all([lab.gitops('deploy', '--json'), ...runs.map(({ done }) => done)]),
  );
  for (const { outputs, log } of actions) expect(outputs['outcome'], log).toMatch(ENDS);
  expect(terminal.code, terminal.stderr).toBe(0);
  expect(JSON.parse(terminal.stdout)).toMatchObject({ outcome: expect.stringMatching(ENDS) });
}

interface Line {
  readonly transaction: number;
  readonly fence: number;
  readonly phase: string;
  readonly step: string;
  readonly event: string;
}

/** Lines of the journal that are not of the transaction under way, or of a lease that is older than one before. */
async function overlaps(lab: DeploymentLab): Promise<readonly Line[]> {
  const text = await lab.sh(`cat '${lab.folder}/journal.ndjson'`);
  const lines: readonly Line[] = text.split('\n').map((line) => JSON.parse(line));
  let open = 0;
  let fence = 0;
  return lines.filter((line) => {
    const isInTurn = (open === 0 || open === line.transaction) && line.fence >= Math.max(fence, line.transaction);
    fence = line.fence;
    open = hasEnded(line) ? 0 : line.transaction;
    return !isInTurn;
  });
}

function hasEnded({ phase, step, event }: Line): boolean {
  return event === 'end' && ((phase === 'confirm' && step === 'current') || (phase === 'revert' && step === 'verify'));
}
