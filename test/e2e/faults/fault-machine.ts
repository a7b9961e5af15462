import { type ContainerHost, startContainerHost } from '../../lab/container-host.ts';
import { loadImage, type MachineOptions, type OwnedMachine, startMachine } from '../../lab/container-machine.ts';
import { FaultLab, type FaultLabOptions, faultImages } from './fault-lab.ts';

/** A lab on a machine of its own, and the way there. */
export interface MachineFaults extends AsyncDisposable {
  readonly faults: FaultLab;
  readonly host: ContainerHost;
}

/** Starts a machine that has what the labs on it deploy. */
export async function startFaultMachine(options: MachineOptions = {}): Promise<OwnedMachine> {
  const machine = await startMachine(options);
  for (const image of faultImages) await loadImage(machine, image);
  return machine;
}

/** A lab on a machine that others may use too; its user is root, so that a test can do anything there. */
export async function startFaults(
  machine: OwnedMachine,
  options: Omit<FaultLabOptions, 'host'> = {},
): Promise<MachineFaults> {
  const host = await startContainerHost(machine);
  const faults = await FaultLab.start({ ...options, host });
  return { faults, host, [Symbol.asyncDispose]: () => faults[Symbol.asyncDispose]() };
}
