import { runCommand } from '../lab/command.ts';
import type { LabHost } from '../lab/lab-host.ts';
import { contest, type Times } from './contest.ts';
import { type FleetEnvironment, type HostFleet, openHostFleet } from './host-fleet.ts';
import { Phases } from './phases.ts';
import type { Residue } from './residue.ts';
import { timed } from './stop-watch.ts';
import type { Row } from './table.ts';

const HOSTS = 20;
/** Fewer than of others: on a busy machine each takes the better part of a minute. */
const ROUNDS = 5;

/** Deploying what is already on twenty hosts, against logging in to all of them and deploying to one. */
export async function measureTwentyHosts(residue: Residue): Promise<{ rows: readonly Row[]; phases: string }> {
  await using fleet = await openHostFleet(HOSTS);
  await residue.look(fleet.hosts);
  const phases = new Phases();
  const contestants = {
    all: () => deploy(fleet, 'all', residue, phases),
    logins: () => timed(() => onEach(fleet.hosts, () => 'true')),
    one: () => deploy(fleet, 'one', residue),
    looks: () => timed(() => onEach(fleet.hosts, (_, index) => look(fleet.stacks[index] ?? ''))),
  };
  const times = await contest(contestants, ROUNDS);
  const rows = [
    {
      what: 'no-op on 20 hosts, against 20 logins and one host alone',
      ours: times.all,
      plain: sum(times.logins, times.one),
      budget: 1.2,
    },
    { what: '… against a look at Docker by ssh on each', ours: times.all, plain: times.looks },
  ];
  return { rows, phases: phases.text() };
}

async function deploy(
  fleet: HostFleet,
  environment: FleetEnvironment,
  residue: Residue,
  phases?: Phases,
): Promise<number> {
  const { outputs, durationMs } = await fleet.deploy(environment, 'unchanged');
  await phases?.add(outputs['result'] ?? '', durationMs);
  await residue.look(fleet.hosts);
  return durationMs;
}

/** Runs a line by OpenSSH on every host at the same time. */
async function onEach(hosts: readonly LabHost[], line: (host: LabHost, index: number) => string): Promise<void> {
  await Promise.all(hosts.map((host, index) => runCommand('ssh', [...host.sshArguments, line(host, index)])));
}

/** The least that somebody asks by hand to see what runs of a stack. */
function look(stack: string): string {
  return `docker ps -aq --filter label=com.docker.compose.project=${stack} | xargs docker inspect`;
}

/** Of two that are measured one after the other. */
function sum(a: Times, b: Times): Times {
  return { median: a.median + b.median, min: a.min + b.min, max: a.max + b.max };
}
