import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { ContainerHost } from '../../lab/container-host.ts';
import type { OwnedMachine } from '../../lab/container-machine.ts';
import { removeImages } from '../../lab/images.ts';
import { type Registry, startRegistry } from '../../lab/registry.ts';
import { publishFarImage } from './far-image.ts';
import type { FaultLab, Scenario } from './fault-lab.ts';
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

/** For good, but for a cut: then the next connection finds the host as it was. */
const faultsOfTheWay = {
  cut: (host: ContainerHost) => host.relay.cut(),
  refused: (host: ContainerHost) => host.relay.refuse(),
  silent: (host: ContainerHost) => host.relay.silence(),
};

interface Break {
  readonly way: keyof typeof faultsOfTheWay;
  readonly during: Scenario;
  readonly moment: Moment;
  /** How the run may end. */
  readonly outcome: RegExp;
  /** What the host ends in with nobody there. */
  readonly alone: 'old' | 'new';
}

const phases: readonly Omit<Break, 'way'>[] = [
  ...(['it is being read', 'its files are being uploaded', 'an image is being pulled'] as const).map((moment) => ({
    ...({ during: 'deploy', moment, outcome: /^failed-before-change$/, alone: 'old' } as const),
  })),
  ...(['its first step begins', 'its containers are being replaced', 'it waits for the runner'] as const).map(
    (moment) => ({ during: 'deploy', moment, outcome: /^unknown$/, alone: 'old' }) as const,
  ),
  { during: 'deploy', moment: 'it is being confirmed', outcome: /^(?:deployed|unknown)$/, alone: 'new' },
  { during: 'revert', moment: 'it begins to go back', outcome: /^unknown$/, alone: 'old' },
];

/** Each kind of fault somewhere. */
const quick: Readonly<Record<Break['way'], readonly Moment[]>> = {
  cut: ['an image is being pulled'],
  refused: ['its containers are being replaced'],
  silent: ['it waits for the runner'],
};

const breaks = (['silent', 'refused', 'cut'] as const).flatMap((way) =>
  phases.filter(({ moment }) => isLong || quick[way].includes(moment)).map((phase): Break => ({ way, ...phase })),
);

async function hasEndedAlone(faults: FaultLab): Promise<void> {
  const state = () => faults.lab.transactionState();
  await vi.waitFor(async () => expect(await state()).toMatch(/^(?:confirmed|reverted)$/), {
    timeout: 120_000,
    interval: 200,
  });
}

describe.concurrent('a way to the host', () => {
  test.each(breaks)('that is $way during a $during, when $moment, leaves the host to itself', async (broken) => {
    const { way, during, moment, outcome, alone } = broken;
    await using pulled = moment === 'an image is being pulled' ? await stalledRegistry() : undefined;
    await using lab = await startFaults(machine, { ...(pulled && { references: { two: pulled.reference } }) });
    const { faults, host } = lab;
    await faults.before(during);
    // What is read is short: on a slow way there is time to strike meanwhile.
    if (moment === 'it is being read') host.relay.delay(500);
    const { run, since } = await strike(faults.lab, moment);
    await faultsOfTheWay[way](host);
    const first = await run.done;
    await expectEnd(first, outcome);
    await hasEndedAlone(faults);
    expect(await faults.struck(`way ${way}, host alone`, during, since, { isAlone: true }), first.log).toBe(alone);
    await Promise.all([host.relay.accept(), pulled?.registry.relay.accept()]);
    host.relay.delay();
    if (alone === 'new') return;
    const second = await faults.lab.deploy();
    expect(await faults.struck(`way ${way}`, during, since), second.log).toBe(during === 'revert' ? 'old' : 'new');
  });
});

interface StalledRegistry extends AsyncDisposable {
  readonly registry: Registry;
  readonly reference: string;
}

/** A registry that has the new image and does not answer, so that its pull takes as long as a test wants. */
async function stalledRegistry(): Promise<StalledRegistry> {
  const registry = await startRegistry();
  const reference = await publishFarImage(registry, machine);
  registry.relay.stall();
  return { registry, reference, [Symbol.asyncDispose]: () => registry[Symbol.asyncDispose]() };
}
