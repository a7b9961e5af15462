import { afterAll, beforeAll, expect, test } from 'vitest';
import type { OwnedMachine } from '../../lab/container-machine.ts';
import { removeImages } from '../../lab/images.ts';
import { killEngine, startEngine, stopEngine } from '../../lab/machine-power.ts';
import type { Scenario } from './fault-lab.ts';
import { startFaultMachine, startFaults } from './fault-machine.ts';
import { type Moment, strike } from './moment.ts';
import { isLong } from './record.ts';
import { expectEnd } from './run-end.ts';

let machine: OwnedMachine;

beforeAll(async () => {
  machine = await startFaultMachine();
});

afterAll(async () => {
  await machine[Symbol.asyncDispose]();
  await removeImages();
});

const blows = { stopped: stopEngine, killed: killEngine };

interface EngineFault {
  readonly engine: keyof typeof blows;
  readonly during: Scenario;
  readonly moment: Moment;
}

const quick: readonly EngineFault[] = [
  { engine: 'stopped', during: 'revert', moment: 'the old containers come back' },
  { engine: 'killed', during: 'deploy', moment: 'an old container is gone' },
];
const rest: readonly EngineFault[] = [
  { engine: 'stopped', during: 'deploy', moment: 'its first step begins' },
  { engine: 'stopped', during: 'deploy', moment: 'its containers are being replaced' },
  { engine: 'stopped', during: 'deploy', moment: 'an old container is gone' },
  { engine: 'stopped', during: 'deploy', moment: 'it waits for the runner' },
  { engine: 'stopped', during: 'deploy', moment: 'it is being confirmed' },
  { engine: 'stopped', during: 'first deploy', moment: 'its containers are being replaced' },
  { engine: 'stopped', during: 'revert', moment: 'it begins to go back' },
  { engine: 'stopped', during: 'revert', moment: 'the old state is looked at' },
  { engine: 'killed', during: 'deploy', moment: 'its containers are being replaced' },
  { engine: 'killed', during: 'deploy', moment: 'it waits for the runner' },
  { engine: 'killed', during: 'first deploy', moment: 'its containers are being replaced' },
  { engine: 'killed', during: 'revert', moment: 'it begins to go back' },
  { engine: 'killed', during: 'revert', moment: 'the old containers come back' },
];

/** What a run may say whose Docker went away in the middle. */
const ENDS = /^(?:deployed|rolled-back|rollback-failed|unknown)$/;

test.each(isLong ? [...quick, ...rest] : quick)(
  'a Docker Engine that is $engine during a $during, when $moment, leaves what the next run puts right',
  async ({ engine, during, moment }) => {
    await using lab = await startFaults(machine);
    await lab.faults.before(during);
    await using _again = { [Symbol.asyncDispose]: () => startEngine(machine) };
    const { run, since } = await strike(lab.faults.lab, moment, blows[engine]);
    await startEngine(machine);
    const first = await run.done;
    await expectEnd(first, ENDS);
    const second = await lab.faults.lab.deploy();
    expect(await lab.faults.struck(`dockerd ${engine}`, during, since), `${first.log}\n${second.log}`).toMatch(
      during === 'revert' ? /^old$/ : /^(?:old|new)$/,
    );
  },
);
