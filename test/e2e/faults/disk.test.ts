import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadImage, type OwnedMachine, startMachine } from '../../lab/container-machine.ts';
import { removeImages } from '../../lab/images.ts';
import { startEngine, stopEngine } from '../../lab/machine-power.ts';
import { startRegistry } from '../../lab/registry.ts';
import { mountSmallDisk, type SmallDisk } from '../../lab/small-disk.ts';
import { publishFarImage } from './far-image.ts';
import { faultImages, type Scenario } from './fault-lab.ts';
import { type MachineFaults, startFaults } from './fault-machine.ts';
import { type Moment, strike } from './moment.ts';
import { isLong } from './record.ts';
import { expectEnd } from './run-end.ts';

/** More than a deployment insists on. */
const STATE_MIB = 96;
const DOCKER_MIB = 700;

let machine: OwnedMachine;
let dockerDisk: SmallDisk;

beforeAll(async () => {
  machine = await startMachine();
  await machine.run(['sh', '-c', stopEngine]);
  dockerDisk = await mountSmallDisk(machine, '/var/lib/docker', DOCKER_MIB);
  await startEngine(machine);
  for (const image of faultImages) await loadImage(machine, image);
});

afterAll(async () => {
  await machine[Symbol.asyncDispose]();
  await removeImages();
});

/** A lab whose state folder is a disk of its own. */
async function startSmall(during: Scenario): Promise<MachineFaults & { readonly disk: SmallDisk }> {
  const stack = new AsyncDisposableStack();
  const { faults, host } = stack.use(await startFaults(machine));
  const disk = stack.use(await mountSmallDisk(machine, host.stateDir, STATE_MIB));
  await faults.before(during);
  return { faults, host, disk, [Symbol.asyncDispose]: () => stack.disposeAsync() };
}

interface FullDisk {
  readonly during: Scenario;
  readonly moment: Moment;
  readonly outcome: RegExp;
  /** What the host is in while its disk is still full. */
  readonly full: RegExp;
}

const quick: readonly FullDisk[] = [
  { during: 'revert', moment: 'it begins to go back', outcome: /^rolled-back$/, full: /^old$/ },
];
const rest: readonly FullDisk[] = [
  { during: 'deploy', moment: 'its first step begins', outcome: /^(?:deployed|rolled-back)$/, full: /^(?:old|new)$/ },
  {
    during: 'deploy',
    moment: 'its files are being uploaded',
    outcome: /^failed-before-change$/,
    full: /^old$/,
  },
  {
    during: 'deploy',
    moment: 'its containers are being replaced',
    outcome: /^(?:deployed|rolled-back)$/,
    full: /^(?:old|new)$/,
  },
  { during: 'deploy', moment: 'it waits for the runner', outcome: /^(?:deployed|rolled-back)$/, full: /^(?:old|new)$/ },
  { during: 'deploy', moment: 'it is being confirmed', outcome: /^deployed$/, full: /^new$/ },
  { during: 'revert', moment: 'its containers are being replaced', outcome: /^rolled-back$/, full: /^old$/ },
  { during: 'revert', moment: 'the old containers come back', outcome: /^rolled-back$/, full: /^old$/ },
];

describe.concurrent('a disk of the state folder', () => {
  test('that is full before anything is uploaded changes nothing', async () => {
    await using lab = await startSmall('deploy');
    const { faults, host, disk } = lab;
    const since = performance.now();
    await host.sh(disk.fill);
    const first = await faults.lab.deploy();
    await expectEnd(first, /^failed-before-change$/);
    expect(first.log).toContain('are free in');
    expect(await faults.struck('state disk full', 'deploy', since), first.log).toBe('old');
    await disk.empty();
    const second = await faults.lab.deploy();
    expect(await faults.struck('state disk full, then room', 'deploy', since), second.log).toBe('new');
  });

  test.each(isLong ? [...quick, ...rest] : quick)(
    'that fills up during a $during, when $moment, has room enough for its end',
    async ({ during, moment, outcome, full }) => {
      await using lab = await startSmall(during);
      const { faults, disk } = lab;
      const { run, since } = await strike(faults.lab, moment, disk.fill);
      const first = await run.done;
      await expectEnd(first, outcome);
      expect(await faults.struck('state disk filled', during, since), first.log).toMatch(full);
      await disk.empty();
      const second = await faults.lab.deploy();
      await expectEnd(second, during === 'revert' ? /^rolled-back$/ : /^(?:deployed|unchanged)$/);
    },
  );

  const fullToTheEnd = [
    ['deploy', 'its containers are being replaced'],
    ['revert', 'it begins to go back'],
  ] as const;
  test.each(isLong ? fullToTheEnd : [])(
    'that stays full to the last byte during a %s, when %s, waits for room',
    async (during, moment) => {
      await using lab = await startSmall(during);
      const { faults, disk } = lab;
      const { run, since } = await strike(faults.lab, moment, disk.keepFull);
      const first = await run.done;
      await expectEnd(first, /^(?:deployed|rolled-back|rollback-failed|unknown)$/);
      await disk.empty();
      const second = await faults.lab.deploy();
      expect(await faults.struck('state disk stays full', during, since), `${first.log}\n${second.log}`).toBe(
        during === 'revert' ? 'old' : 'new',
      );
    },
  );
});

describe("a disk of Docker's data", () => {
  test('that fills up while an image is pulled leaves the old state', async () => {
    await using registry = await startRegistry();
    const two = await publishFarImage(registry, machine);
    await using lab = await startFaults(machine, { references: { two } });
    const { faults } = lab;
    await faults.before('deploy');
    registry.relay.stall();
    const { run, since } = await strike(faults.lab, 'an image is being pulled', dockerDisk.fill);
    await registry.relay.accept();
    const first = await run.done;
    await dockerDisk.empty();
    await expectEnd(first, /^failed-before-change$/);
    expect(first.log).toContain("the disk of Docker's data is full");
    expect(await faults.struck('Docker disk full', 'deploy', since), first.log).toBe('old');
    const second = await faults.lab.deploy();
    expect(await faults.struck('Docker disk full, then room', 'deploy', since), second.log).toBe('new');
  });

  const inTheMiddle = [
    ['deploy', 'its first step begins'],
    ['deploy', 'its containers are being replaced'],
    ['revert', 'it begins to go back'],
  ] as const;
  test.each(isLong ? inTheMiddle : [])(
    'that fills up during a %s, when %s, leaves what the next run puts right',
    async (during, moment) => {
      await using lab = await startFaults(machine);
      const { faults } = lab;
      await faults.before(during);
      const { run, since } = await strike(faults.lab, moment, dockerDisk.fill);
      const first = await run.done;
      await dockerDisk.empty();
      await expectEnd(first, /^(?:deployed|rolled-back|rollback-failed)$/);
      const second = await faults.lab.deploy();
      expect(await faults.struck('Docker disk full', during, since), `${first.log}\n${second.log}`).toBe(
        during === 'revert' ? 'old' : 'new',
      );
    },
  );
});
