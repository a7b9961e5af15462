import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { ContainerHost } from '../../lab/container-host.ts';
import type { OwnedMachine } from '../../lab/container-machine.ts';
import { removeImages } from '../../lab/images.ts';
import { startFaultMachine, startFaults } from './fault-machine.ts';
import { strike } from './moment.ts';
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

/** Both directions of SSH on a machine. */
async function dropPackets(...more: readonly string[]): Promise<AsyncDisposable> {
  const rules = [
    ['INPUT', '-p', 'tcp', '--dport', '22', ...more, '-j', 'DROP'],
    ['OUTPUT', '-p', 'tcp', '--sport', '22', ...more, '-j', 'DROP'],
  ];
  for (const rule of rules) await machine.run(['iptables', '-I', ...rule]);
  return {
    async [Symbol.asyncDispose]() {
      for (const rule of rules) await machine.run(['iptables', '-D', ...rule]);
    },
  };
}

interface SlowWay {
  readonly name: string;
  readonly make: (host: ContainerHost) => Promise<AsyncDisposable | undefined>;
}

const ways: readonly SlowWay[] = [
  { name: 'takes 150 ms each way', make: async ({ relay }) => void relay.delay(150, 50) },
  {
    name: 'loses a twentieth of its packets',
    make: () => dropPackets('-m', 'statistic', '--mode', 'random', '--probability', '0.05'),
  },
];

describe.each(isLong ? ways : ways.slice(0, 1))('a way to the host that $name', ({ name, make }) => {
  test('only makes a deployment and its way back slower', async () => {
    await using lab = await startFaults(machine);
    const { faults, host } = lab;
    await faults.before('deploy');
    await using _slowness = await make(host);
    const since = performance.now();
    const deployed = await faults.lab.deploy();
    await expectEnd(deployed, /^deployed$/);
    expect(await faults.struck(`way ${name}`, 'deploy', since), deployed.log).toBe('new');
    await faults.before('revert');
    const back = await faults.lab.deploy();
    await expectEnd(back, /^rolled-back$/);
    expect(await faults.struck(`way ${name}`, 'revert', since), back.log).toBe('old');
  });
});

const moments = ['its containers are being replaced', 'it waits for the runner', 'it begins to go back'] as const;

test.each(isLong ? moments : [])(
  'a way on which every packet is dropped, when %s, leaves the host to itself',
  async (moment) => {
    await using lab = await startFaults(machine);
    const { faults } = lab;
    const during = moment === 'it begins to go back' ? 'revert' : 'deploy';
    await faults.before(during);
    const { run, since } = await strike(faults.lab, moment);
    {
      await using _silence = await dropPackets();
      const first = await run.done;
      await expectEnd(first, /^unknown$/);
      const state = () => faults.lab.transactionState();
      await vi.waitFor(async () => expect(await state()).toBe('reverted'), { timeout: 120_000, interval: 200 });
      expect(await faults.struck('packets dropped, host alone', during, since, { isAlone: true })).toBe('old');
    }
    const second = await faults.lab.deploy();
    expect(await faults.struck('packets dropped', during, since), second.log).toBe(during === 'revert' ? 'old' : 'new');
  },
);
