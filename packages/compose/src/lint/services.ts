import type { ServiceRole } from '@gitops/core';
import type { ComposeProject, ProjectModel, ServiceModel } from '../check/index.ts';
import { replicasOf } from '../roles.ts';

/** A service of the model, by its name. */
export interface NamedService {
  readonly name: string;
  readonly service: ServiceModel;
}

interface Listed {
  readonly services: readonly NamedService[];
  /** Services that others wait for to end. */
  readonly awaited: ReadonlySet<string>;
}

/** Every rule asks for them, and listing them takes longer than most rules do. */
const LISTED = new WeakMap<ProjectModel, Listed>();

function listed({ model }: ComposeProject): Listed {
  const known = LISTED.get(model);
  if (known) return known;
  const services = Object.entries(model.services ?? {}).map(([name, service]) => ({ name, service }));
  const list = { services, awaited: awaitedIn(services) };
  LISTED.set(model, list);
  return list;
}

function awaitedIn(services: readonly NamedService[]): ReadonlySet<string> {
  const awaited = services.flatMap(({ service }) =>
    Object.entries(service.depends_on ?? {}).filter(
      ([, { condition }]) => condition === 'service_completed_successfully',
    ),
  );
  return new Set(awaited.map(([name]) => name));
}

export function servicesOf(project: ComposeProject): readonly NamedService[] {
  return listed(project).services;
}

export function serviceCalled({ model }: ComposeProject, name: string): ServiceModel | undefined {
  const services = model.services ?? {};
  return Object.hasOwn(services, name) ? services[name] : undefined;
}

/** Services that a deployment starts: the others wait for somebody to name them, or are scaled to none. */
export function deployedServices(project: ComposeProject): readonly NamedService[] {
  return servicesOf(project).filter(({ service }) => (service.profiles ?? []).length === 0 && replicasOf(service) > 0);
}

/** Services whose containers do not end by themselves, as far as a deployment knows. */
export function persistentServices(project: ComposeProject): readonly NamedService[] {
  const { awaited } = listed(project);
  return deployedServices(project).filter(({ name, service }) => roleOf(name, service, awaited) !== 'job');
}

/** Services that are meant to keep running, and whose health counts. */
export function lastingServices(project: ComposeProject): readonly NamedService[] {
  return persistentServices(project).filter(
    ({ service }) => saidRole(service) !== 'optional' && !endsOnPurpose(service),
  );
}

function roleOf(name: string, service: ServiceModel, awaited: ReadonlySet<string>): ServiceRole {
  return saidRole(service) ?? (awaited.has(name) ? 'job' : 'service');
}

/** Whether somebody wrote that the service is not started again. */
function endsOnPurpose({ restart, deploy }: ServiceModel): boolean {
  return restart === 'no' || deploy?.restart_policy?.['condition'] === 'none';
}

export const ROLES: readonly ServiceRole[] = ['service', 'job', 'optional'];

/** `x-gitops.role`, if it is one. */
function saidRole(service: ServiceModel): ServiceRole | undefined {
  const said: unknown = service['x-gitops'];
  const role = typeof said === 'object' && said !== null && 'role' in said ? said.role : undefined;
  return ROLES.find((each) => each === role);
}
