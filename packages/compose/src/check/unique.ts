import { isDeepStrictEqual } from 'node:util';
import type { Faults } from './faults.ts';
import { goText, isList, isMap, mapOf, newMap, type Plain, type PlainMap } from './plain.ts';

/** What an item of a list is known by; `undefined` if it is no such item, which the schema will say. */
type Identity = (item: Plain) => string | undefined;

const untilEquals: Identity = (item) => (typeof item === 'string' ? (item.split('=', 1)[0] ?? '') : undefined);

const LISTS: Readonly<Record<string, Identity>> = {
  ...keyed('annotations', 'cap_add', 'cap_drop', 'dns', 'dns_opt', 'dns_search', 'environment', 'labels', 'links'),
  ...keyed('profiles', 'sysctls', 'tmpfs'),
  volumes: byTarget,
  devices: (item) => (typeof item === 'string' ? (item.split(':')[1] ?? item) : byTarget(item)),
  configs: (item) => byMount('', item),
  secrets: (item) => byMount('/run/secrets', item),
  env_file: (item) => (typeof item === 'string' ? item : textOf(mapOf(item)['path'])),
  expose: (item) => (typeof item === 'string' || Number.isInteger(item) ? String(item) : undefined),
  ports: byPort,
};

const NESTED: readonly (readonly [section: string, lists: Readonly<Record<string, Identity>>])[] = [
  ['build', keyed('args', 'additional_contexts', 'platform', 'tags', 'labels')],
  ['deploy', keyed('labels')],
];

function keyed(...keys: readonly string[]): Record<string, Identity> {
  return Object.fromEntries(keys.map((key) => [key, untilEquals]));
}

/**
 * Of items of a list that mean the same, such as two mounts of one target, only the last counts, in the place of the
 * first. Compose does so even within one file.
 */
export function withoutRepetition(project: PlainMap, faults: Faults): PlainMap {
  const services = changedEntries(mapOf(project['services']), faults, (service) =>
    isMap(service) ? uniqueService(service, faults) : service,
  );
  return services === project['services'] || !isMap(project['services'])
    ? project
    : faults.origins.follow(newMap({ ...project, services }), project);
}

function uniqueService(service: PlainMap, faults: Faults): PlainMap {
  let unique = uniqueLists(service, LISTS, faults);
  for (const [section, lists] of NESTED) {
    const nested = unique[section];
    if (!isMap(nested)) continue;
    const changed = uniqueLists(nested, lists, faults);
    if (changed !== nested) unique = faults.origins.follow(newMap({ ...unique, [section]: changed }), unique);
  }
  return changedEntries(unique, faults, (value, key) =>
    key === 'networks' && isMap(value) ? changedEntries(value, faults, (one) => uniqueAliases(one, faults)) : value,
  );
}

const ALIASES = keyed('aliases', 'link_local_ips');

function uniqueAliases(network: Plain, faults: Faults): Plain {
  return isMap(network) ? uniqueLists(network, ALIASES, faults) : network;
}

function uniqueLists(map: PlainMap, lists: Readonly<Record<string, Identity>>, faults: Faults): PlainMap {
  return changedEntries(map, faults, (value, key) => {
    if (!isList(value) || value.length < 2 || !Object.hasOwn(lists, key)) return value;
    const identity = lists[key];
    return identity ? uniqueItems(value, identity, faults) : value;
  });
}

function uniqueItems(list: readonly Plain[], identity: Identity, faults: Faults): readonly Plain[] {
  const positions = new Map<string, number>();
  const kept: number[] = [];
  for (const [index, item] of list.entries()) {
    const key = identity(item);
    const known = key === undefined ? undefined : positions.get(key);
    if (known !== undefined) {
      warnOfRepetition(list, [kept[known] ?? 0, index], key ?? '', faults);
      kept[known] = index;
    } else if (kept.push(index) && key !== undefined) positions.set(key, kept.length - 1);
  }
  if (kept.length === list.length) return list;
  const { origins } = faults;
  return origins.set(
    kept.map((index) => list[index] ?? null),
    { spot: origins.of(list), child: (step) => origins.child(list, kept[Number(step)] ?? -1) },
  );
}

/** An override file may say something else on purpose; one file may not. */
function warnOfRepetition(
  list: readonly Plain[],
  [first, last]: readonly [number, number],
  key: string,
  faults: Faults,
): void {
  const [before, after] = [first, last].map((index) => faults.origins.child(list, index));
  if (!before || before.yaml !== after?.yaml || isDeepStrictEqual(list[first], list[last])) return;
  const message = `this item does not count: a later one of the list is for \`${key}\` too`;
  faults.add('compose/dropped-item', { in: list, step: first }, message, 'remove one of the two');
}

/** The mapping itself if nothing of it changes. */
function changedEntries(map: PlainMap, faults: Faults, change: (value: Plain, key: string) => Plain): PlainMap {
  let changed: Record<string, Plain> | undefined;
  for (const key in map) {
    const value = map[key] ?? null;
    const next = change(value, key);
    if (next === value) continue;
    changed ??= faults.origins.follow(newMap(map), map);
    changed[key] = next;
  }
  return changed ?? map;
}

function byTarget(item: Plain): string | undefined {
  return typeof item === 'string' ? mountTarget(item) : textOf(mapOf(item)['target']);
}

/** The target of a short mount, roughly: what Compose cannot read is found later. */
function mountTarget(mount: string): string {
  const parts = mount.length < 3 ? [mount] : mount.replace(/(^|:)([A-Za-z]):/g, '$1$2\0').split(':');
  return (parts[1] ?? parts[0] ?? '').replaceAll('\0', ':');
}

function byMount(folder: string, item: Plain): string | undefined {
  if (typeof item === 'string') return `${folder}/${item}`;
  if (!isMap(item)) return undefined;
  return textOf(item['target']) ?? `${folder}/${textOf(item['source']) ?? ''}`;
}

function byPort(item: Plain): string | undefined {
  if (typeof item === 'string' || typeof item === 'number') return goText(item);
  if (!isMap(item) || !('target' in item)) return undefined;
  const { host_ip = '0.0.0.0', published = null, target = null, protocol = 'tcp' } = item;
  return [host_ip, published, target, protocol].map(goText).join(':');
}

function textOf(value: Plain | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
