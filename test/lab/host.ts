import { startContainerHost } from './container-host.ts';
import { type LabHost, type LabHostOptions, parseHostKinds } from './lab-host.ts';
import { startLoopbackHost } from './loopback-host.ts';
import { type Machine, thisMachine } from './machine.ts';
import { sharedMachine } from './shared-machine.ts';

/** Which kind of host the tests of this process deploy to. */
export const [hostKind = 'loopback'] = parseHostKinds(process.env['GITOPS_LAB']);

/** The machine that is behind the hosts of this process, and whose Docker Engine needs the images. */
export function labMachine(): Machine {
  return hostKind === 'loopback' ? thisMachine : sharedMachine();
}

/** Starts a host of the kind that this process is for. */
export function startHost(options: LabHostOptions = {}): Promise<LabHost> {
  if (hostKind === 'loopback') return startLoopbackHost(options);
  return startContainerHost(sharedMachine(), { ...options, user: hostKind === 'container-user' ? 'gitops' : 'root' });
}
