import { digest } from '../canonical.ts';
import type { Desired, DesiredService, Live, LiveContainer, LiveHealth } from '../model.ts';

/** The host's clock when nothing else is said. */
export const NOW = Date.UTC(2026, 0, 1, 12);
/** Containers have been running for so long when nothing else is said. */
const UPTIME_MS = 3_600_000;

/** A container of a service as it should be: a job has exited 0, everything else runs. */
export function container(service: DesiredService, said: Partial<LiveContainer> = {}): LiveContainer {
  return {
    id: digest([service.stack, service.name, service.configHash, 1]),
    name: `${service.stack}-${service.name}-1`,
    stack: service.stack,
    service: service.name,
    configHash: service.configHash,
    imageId: service.imageId,
    state: service.role === 'job' ? 'exited' : 'running',
    exitCode: 0,
    oomKilled: false,
    restartCount: 0,
    restartPolicy: 'no',
    startedAt: NOW - UPTIME_MS,
    networks: ['shop_default'],
    limits: {},
    owner: { name: 'infrastructure', environment: 'production' },
    oneOff: false,
    ...(service.hasHealthcheck && { health: healthResult('healthy') }),
    ...said,
  };
}

/** The result of a health check that ended a second ago. */
export function healthResult(status: LiveHealth['status'], said: Partial<LiveHealth> = {}): LiveHealth {
  return { status, checkedAt: NOW - 1000, output: '', ...said };
}

/** A host on which nothing of the project runs, unless something is said. */
export function live(said: Partial<Live> = {}): Live {
  return { at: NOW, containers: [], networks: [], volumes: [], damagedObjects: [], unmanaged: [], ...said };
}

/** What runs when a desired state was brought about and nobody touched it since. */
export function liveOf(desired: Desired, said: Partial<Live> = {}): Live {
  return live({
    containers: desired.services.flatMap(containersOf),
    networks: desired.networks
      .filter(({ external }) => !external)
      .map(({ stack, name }) => ({ stack, name, foreign: [] })),
    volumes: desired.volumes
      .filter(({ external }) => !external)
      .map(({ stack, name, driver, driverOptions }) => ({ stack, name, driver, driverOptions })),
    ...said,
  });
}

function containersOf(service: DesiredService): readonly LiveContainer[] {
  return Array.from({ length: service.replicas }, (_, index) =>
    container(service, {
      id: digest([service.stack, service.name, service.configHash, index + 1]),
      name: `${service.stack}-${service.name}-${index + 1}`,
    }),
  );
}
