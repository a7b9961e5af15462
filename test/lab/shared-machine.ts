import * as v from 'valibot';
import { attachMachine, type ContainerMachine, startMachine } from './container-machine.ts';
import { parseHostKinds } from './lab-host.ts';

/** How the set-up of a run tells its workers which machine it has started. */
const variable = 'GITOPS_LAB_MACHINE';

const KnownMachine = v.object({ name: v.string(), port: v.number(), hostKey: v.string(), gateway: v.string() });

/** The set-up of a test run: one machine for all its tests, if any of them deploys to a container. */
export async function setup(): Promise<(() => Promise<void>) | undefined> {
  if (!parseHostKinds(process.env['GITOPS_LAB']).some((kind) => kind !== 'loopback')) return undefined;
  // As far as can be from the Engine that a Debian of today has on this machine.
  const machine = await startMachine({ engine: 'sid', compose: 'sid', store: 'containerd' });
  process.env[variable] = JSON.stringify(v.parse(KnownMachine, machine));
  return async () => machine[Symbol.asyncDispose]();
}

/**
 * The machine that all tests of this run share; each has its own login, state and Compose project there.
 * @throws Error when the run has started none, as for tests that deploy to this machine.
 */
export function sharedMachine(): ContainerMachine {
  const known = process.env[variable];
  if (known === undefined) throw new Error('This run has started no machine: name its kind of host in GITOPS_LAB');
  return attachMachine(v.parse(KnownMachine, JSON.parse(known)));
}
