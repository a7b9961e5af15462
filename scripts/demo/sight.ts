import { setTimeout as sleep } from 'node:timers/promises';
import { runCommand } from '../../test/lab/command.ts';
import type { DeploymentLab, LabContainer } from '../../test/lab/deployment-lab.ts';

/** What is on the host at one moment, seen past the product. */
export interface Sight {
  readonly current: string;
  readonly containers: ReadonlyMap<string, LabContainer>;
  /** Status and text of `GET /`, or why there is none. */
  readonly page: string;
}

export async function look(lab: DeploymentLab, url: string): Promise<Sight> {
  return { current: await lab.current(), containers: await lab.containers(), page: await pageAt(url) };
}

/** Patient for two seconds, as Docker says that a container runs before the server in it listens. */
async function pageAt(url: string): Promise<string> {
  for (let attempt = 1; ; attempt++) {
    const answer = await fetch(url, { headers: { connection: 'close' } }).then(
      async (response) => `${response.status} ${(await response.text()).trim()}`,
      (error: unknown) => `no answer (${error instanceof Error ? error.message : error})`,
    );
    if (answer.startsWith('200') || attempt === 20) return answer;
    await sleep(100);
  }
}

/** The container's id of a service. */
export function id({ containers }: Sight, service: string): string {
  return containers.get(service)?.id ?? 'none';
}

export function image({ containers }: Sight, service: string): string {
  return containers.get(service)?.image ?? 'none';
}

export function running({ containers }: Sight, service: string): boolean {
  return containers.get(service)?.state === 'running';
}

/** Are these services' containers the same, in the same state? */
export function same(before: Sight, after: Sight, services: readonly string[]): boolean {
  return services.every((service) => {
    const [was, is] = [before.containers.get(service), after.containers.get(service)];
    return was !== undefined && was.id === is?.id && was.state === is.state;
  });
}

/** One line for a check that does not hold. */
export function states({ containers }: Sight): string {
  return [...containers].map(([service, { state }]) => `${service} ${state}`).join(', ');
}

export function exitCode(sight: Sight, service: string): Promise<string> {
  return runCommand('docker', ['inspect', '--format', '{{.State.ExitCode}}', id(sight, service)]);
}
