import { afterAll, beforeAll, expect, test } from 'vitest';
import type { OwnedMachine } from '../../lab/container-machine.ts';
import { removeImages } from '../../lab/images.ts';
import { bootMachine, losePower } from '../../lab/machine-power.ts';
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

type Reboot = readonly [during: Scenario, moment: Moment];

const quick: readonly Reboot[] = [
  ['deploy', 'it waits for the runner'],
  ['revert', 'the old containers come back'],
];
const rest: readonly Reboot[] = [
  ['deploy', 'an old container is gone'],
  ['deploy', 'its first step begins'],
  ['deploy', 'its containers are being replaced'],
  ['deploy', 'its last step has ended'],
  ['deploy', 'it is being confirmed'],
  ['first deploy', 'its containers are being replaced'],
  ['first deploy', 'it waits for the runner'],
  ['revert', 'it begins to go back'],
  ['revert', 'the old state is looked at'],
];

test.each(isLong ? [...quick, ...rest] : quick)(
  'a host that loses its power during a %s, when %s, is put right by the next run',
  async (during, moment) => {
    await using lab = await startFaults(machine);
    await lab.faults.before(during);
    await using _on = { [Symbol.asyncDispose]: () => bootMachine(machine) };
    const { run, since } = await strike(lab.faults.lab, moment, losePower);
    const first = await run.done;
    await expectEnd(first, /^unknown$/);
    await bootMachine(machine);
    const second = await lab.faults.lab.deploy();
    expect(second.log).toContain('was left unfinished; recovering');
    expect(await lab.faults.struck('reboot', during, since), `${first.log}\n${second.log}`).toMatch(
      during === 'revert' ? /^old$/ : /^new$/,
    );
  },
);

if (isLong)
  test('a host that loses its power while files are uploaded is deployed to by the next run', async () => {
    await using lab = await startFaults(machine);
    await lab.faults.before('deploy');
    await using _on = { [Symbol.asyncDispose]: () => bootMachine(machine) };
    const { run, since } = await strike(lab.faults.lab, 'its files are being uploaded', losePower);
    const first = await run.done;
    await expectEnd(first, /^failed-before-change$/);
    await bootMachine(machine);
    const second = await lab.faults.lab.deploy();
    expect(await lab.faults.struck('reboot', 'deploy', since), second.log).toBe('new');
  });

if (isLong)
  test('a host that stays off ends the wait of a run, and the next one says that it cannot be reached', async () => {
    await using lab = await startFaults(machine);
    await lab.faults.before('deploy');
    await using _on = { [Symbol.asyncDispose]: () => bootMachine(machine) };
    const { run, since } = await strike(lab.faults.lab, 'it waits for the runner', losePower);
    await expectEnd(await run.done, /^unknown$/);
    const second = await lab.faults.lab.deploy();
    await expectEnd(second, /^failed-before-change$/);
    await bootMachine(machine);
    const third = await lab.faults.lab.deploy();
    expect(await lab.faults.struck('reboot', 'deploy', since), third.log).toBe('new');
  });
