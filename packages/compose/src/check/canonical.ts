import { At, type Change, changeKeys, changeValues, expandEach } from './at.ts';
import type { Faults } from './faults.ts';
import { isList, isMap, listOf, mapOf, newMap, type Plain, type PlainMap } from './plain.ts';
import { parseMount } from './short-mount.ts';
import { parsePort } from './short-port.ts';

/** Writes every short syntax out, as Compose does once a file has been merged and held against the schema. */
export function canonical(project: PlainMap, faults: Faults): PlainMap {
  const section: Change = (value, at) => (isMap(value) ? changeValues(value, resource, at) : value);
  const services: Change = (value, at) => (isMap(value) ? changeValues(value, service, at) : value);
  const sections = { services, networks: section, volumes: section, secrets: section, configs: section };
  return changeKeys(project, sections, At.root(project, faults));
}

const service: Change = (value, at) => (isMap(value) ? withoutEmptyDns(changeKeys(value, SERVICE, at), at) : value);

const mapped =
  (changes: Readonly<Record<string, Change>>): Change =>
  (value, at) =>
    isMap(value) ? changeKeys(value, changes, at) : value;

const items =
  (change: (item: Plain, at: At) => readonly Plain[]): Change =>
  (value, at) =>
    isList(value) && value.length > 0 ? expandEach(value, change, at) : value;

const stringOrList: Change = (value, at) => (typeof value === 'string' ? at.made([value], () => at.spot) : value);

const namesToNothing: Change = (value, at) => (isList(value) ? nameMap(value, at, () => null) : value);

const fileUse = (item: Plain, at: At): readonly Plain[] =>
  typeof item === 'string' ? [at.made(newMap({ source: item }))] : [item];

const SERVICE: Readonly<Record<string, Change>> = {
  build,
  configs: items(fileUse),
  depends_on: dependencies,
  devices: items(device),
  dns: stringOrList,
  env_file: envFiles,
  expose: items(expose),
  extends: (value, at) => (typeof value === 'string' ? at.made(newMap({ service: value })) : value),
  gpus: (value, at) => (value === 'all' ? at.made([at.made(newMap({ count: 'all' }))]) : value),
  label_file: stringOrList,
  models: namesToNothing,
  networks: namesToNothing,
  ports: items(port),
  secrets: items(fileUse),
  volumes: items(mount),
};

const BUILD: Readonly<Record<string, Change>> = {
  additional_contexts: pairs,
  secrets: items(fileUse),
  ssh: (value, at) => (isList(value) ? pairsOf(value, at, (text) => text === 'default') : value),
};

function build(value: Plain, at: At): Plain {
  return typeof value === 'string' ? at.made(newMap({ context: value })) : mapped(BUILD)(value, at);
}

function dependencies(value: Plain, at: At): Plain {
  const started = () => at.made(newMap({ condition: 'service_started', required: true }));
  if (isList(value)) return nameMap(value, at, started);
  const required: Change = (one, place) =>
    isMap(one) && !('required' in one) ? place.changed(one, { required: true }) : one;
  return isMap(value) ? changeValues(value, required, at) : value;
}

function envFiles(value: Plain, at: At): Plain {
  const long = (item: Plain, place: At): readonly Plain[] => {
    if (typeof item === 'string') return [place.made(newMap({ path: item, required: true }))];
    return [isMap(item) && !('required' in item) ? place.changed(item, { required: true }) : item];
  };
  if (typeof value === 'string') return at.made([...long(value, at)], () => at.spot);
  return isList(value) ? expandEach(value, long, at) : value;
}

function port(item: Plain, at: At): readonly Plain[] {
  if (typeof item === 'number') {
    if (Number.isInteger(item)) return [at.made(newMap({ target: item }))];
    at.refuse('compose/bad-value', 'a port is a whole number', 'write it in quotes: `"8080:80"`');
  }
  if (typeof item !== 'string') return [item];
  const parsed = parsePort(item);
  if ('ports' in parsed) return parsed.ports.map((one) => at.made(one));
  at.refuse('compose/bad-port', parsed.fault, 'write it as `"8080:80"`, `"127.0.0.1:8080:80"` or `"8080:80/udp"`');
  return [];
}

function expose(item: Plain, at: At): readonly Plain[] {
  if (typeof item === 'number' && !Number.isInteger(item)) {
    at.refuse('compose/bad-value', 'a port is a whole number', 'write a whole number');
  }
  return [item];
}

function mount(item: Plain, at: At): readonly Plain[] {
  if (typeof item !== 'string') return [item];
  const parsed = parseMount(item);
  if ('mount' in parsed) return [at.made(parsed.mount)];
  at.refuse('compose/bad-mount', parsed.fault, 'write it as `./folder:/path` or `./folder:/path:ro`');
  return [];
}

function device(item: Plain, at: At): readonly Plain[] {
  if (typeof item !== 'string') return [item];
  const [source = '', target = source, permissions = 'rwm', ...more] = item.split(':');
  if (more.length > 0) at.refuse('compose/bad-value', 'it has too many colons', 'write it in long syntax');
  return [at.made(newMap({ source, target, permissions }))];
}

function pairs(value: Plain, at: At): Plain {
  return isList(value) ? pairsOf(value, at, () => false) : value;
}

function pairsOf(list: readonly Plain[], at: At, mayStandAlone: (text: string) => boolean): PlainMap {
  const map = newMap();
  const sources = new Map<string | number, number>();
  for (const [index, item] of list.entries()) {
    const [, key = '', value] = /^([^=]*)(?:=(.*))?$/s.exec(String(item)) ?? [];
    const isPair = value !== undefined || mayStandAlone(key);
    if (!isPair) at.below(list, index).refuse('compose/bad-value', 'it has no `=`', 'write it as `key=value`');
    map[key] = value ?? null;
    sources.set(key, index);
  }
  return at.made(map, (step) => at.faults.origins.child(list, sources.get(step) ?? -1));
}

function nameMap(list: readonly Plain[], at: At, standsFor: () => Plain): PlainMap {
  const map = newMap();
  for (const name of list) map[String(name)] = standsFor();
  return at.made(map, (step) => at.faults.origins.child(list, list.indexOf(step)));
}

/** Of nothing else Compose leaves out what is empty. */
function withoutEmptyDns(map: PlainMap, at: At): PlainMap {
  const dns = listOf(map['dns']);
  const isFull = dns.every((server) => server !== '' && server !== null);
  return isFull ? map : at.changed(map, { dns: dns.filter((server) => server !== '' && server !== null) });
}

/** `external: { name: … }` is how Compose files used to say `external: true` with a name. */
function resource(value: Plain, at: At): Plain {
  if (!isMap(value) || !isMap(value['external'])) return value;
  const { name } = mapOf(value['external']);
  const isOther = typeof name === 'string' && 'name' in value && value['name'] !== name;
  if (isOther) {
    const place = at.below(value, 'external');
    place.faults.add(
      'compose/conflict',
      place,
      `\`${at.name}\` has two names`,
      'keep `name:` and write `external: true`',
    );
  }
  return at.changed(value, { external: true, ...(typeof name === 'string' && { name: value['name'] ?? name }) });
}
