import type { Variables } from '../load/interpolation.ts';
import { At, type Change, changeKeys } from './at.ts';
import type { Faults } from './faults.ts';
import { isList, isMap, listOf, mapOf, newMap, type Plain, type PlainMap } from './plain.ts';
import { each } from './typed-values.ts';

/** Adds what nobody wrote: the default network, names, and dependencies that follow from other keys. */
export function normalized(project: PlainMap, name: string, variables: Variables, faults: Faults): PlainMap {
  const named = each((value, at) => withName(value, at, name));
  const services: Change = (value, at) => each((service, place) => normalService(service, place, variables))(value, at);
  const sections = { services, networks: named, volumes: named, secrets: named, configs: named };
  const networked = withDefaultNetwork(project, faults);
  const complete = faults.origins.follow(newMap({ ...networked, name }), networked);
  return changeKeys(complete, sections, At.root(complete, faults));
}

function normalService(value: Plain, at: At, variables: Variables): Plain {
  if (!isMap(value)) return value;
  const changes = newMap();
  if (value['pull_policy'] === 'if_not_present') changes['pull_policy'] = 'missing';
  if (isMap(value['build'])) changes['build'] = normalBuild(value['build'], at.below(value, 'build'), variables);
  const { environment } = value;
  if (isMap(environment)) changes['environment'] = taken(environment, variables, true, at.below(value, 'environment'));
  const isAlone =
    !('network_mode' in value) && !('provider' in value) && Object.keys(mapOf(value['networks'])).length === 0;
  if (isAlone) changes['networks'] = at.made(newMap({ default: null }));
  const implied = impliedDependencies(value, at);
  if (Object.keys(implied).length > 0) {
    const own = mapOf(value['depends_on']);
    const sources = isMap(value['depends_on']) ? [own, implied] : [implied];
    changes['depends_on'] = at.faults.origins.follow(newMap({ ...implied, ...own }), ...sources);
  }
  return at.changed(value, changes);
}

function normalBuild(build: PlainMap, at: At, variables: Variables): PlainMap {
  const { context = '.', args } = build;
  const hasDockerfile = 'dockerfile' in build || 'dockerfile_inline' in build;
  return at.changed(build, {
    context,
    ...(!hasDockerfile && { dockerfile: 'Dockerfile' }),
    ...(isMap(args) && { args: taken(args, variables, false, at.below(build, 'args')) }),
  });
}

/** Variables without value are taken from those of the project. */
function taken(map: PlainMap, variables: Variables, keepsUnset: boolean, at: At): PlainMap {
  const changed = newMap();
  for (const [key, value] of Object.entries(map)) {
    const own = value ?? (Object.hasOwn(variables, key) ? variables[key] : undefined);
    if (own !== undefined || keepsUnset) changed[key] = own ?? null;
  }
  return at.faults.origins.follow(changed, map);
}

/** Services that a service shares something with are started before it. */
function impliedDependencies(service: PlainMap, at: At): PlainMap {
  const implied = newMap();
  const places = new Map<string | number, At>();
  const add = (name: string, restart: boolean, place: At) => {
    implied[name] ??= newMap({ condition: 'service_started', restart, required: true });
    places.set(name, place);
  };
  for (const [index, link] of listOf(service['links']).entries()) {
    const [name = '', ...more] = String(link).split(':');
    add(more.length === 1 ? name : String(link), true, at.below(listOf(service['links']), index));
  }
  for (const key of ['network_mode', 'ipc', 'pid', 'uts', 'cgroup']) {
    const shared = service[key];
    const isService = typeof shared === 'string' && shared.startsWith('service:');
    if (isService) add(shared.slice('service:'.length), true, at.below(service, key));
  }
  for (const [index, from] of listOf(service['volumes_from']).entries()) {
    const [name = ''] = String(from).split(':');
    if (name !== 'container') add(name, false, at.below(listOf(service['volumes_from']), index));
  }
  return at.made(implied, (step) => places.get(step)?.spot);
}

function withDefaultNetwork(project: PlainMap, faults: Faults): PlainMap {
  const networks = mapOf(project['networks']);
  if ('default' in networks || !Object.values(mapOf(project['services'])).some(usesDefault)) return project;
  const complete = faults.origins.follow(
    newMap({ ...networks, default: newMap() }),
    isMap(project['networks']) ? project['networks'] : undefined,
  );
  return faults.origins.follow(newMap({ ...project, networks: complete }), project);
}

function usesDefault(value: Plain): boolean {
  const service = mapOf(value);
  if ('network_mode' in service || 'provider' in service) return false;
  const networks = mapOf(service['networks']);
  return 'default' in networks || Object.keys(networks).length === 0;
}

function withName(value: Plain, at: At, project: string): Plain {
  const resource = mapOf(value);
  const name = resource['name'] ?? (resource['external'] === true ? at.step : `${project}_${at.step}`);
  return isMap(value) ? at.changed(resource, { name }) : at.made(newMap({ name }));
}

/** Variables without value in the lists of an included project are taken from its own. */
export function withOwnVariables(project: PlainMap, variables: Variables, faults: Faults): PlainMap {
  const environment: Change = (value, at) => {
    if (!isList(value)) return value;
    const filled = value.map((item) => {
      const own = typeof item === 'string' && Object.hasOwn(variables, item) ? variables[item] : undefined;
      return own === undefined ? item : `${String(item)}=${own}`;
    });
    return at.made(filled, (step) => faults.origins.child(value, step));
  };
  const service: Change = (value, at) => (isMap(value) ? changeKeys(value, { environment }, at) : value);
  return changeKeys(project, { services: each(service) }, At.root(project, faults));
}
