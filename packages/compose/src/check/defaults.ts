import { isIP } from 'node:net';
import { At, type Change, changeEach, changeKeys, changeValues } from './at.ts';
import type { Faults } from './faults.ts';
import { isList, isMap, mapOf, type Plain, type PlainMap } from './plain.ts';

/** Fills in what Compose does in the merged files of one project, and checks what it does with that. */
export function withDefaults(project: PlainMap, faults: Faults): PlainMap {
  const each =
    (change: Change): Change =>
    (value, at) =>
      isMap(value) ? changeValues(value, change, at) : value;
  const sections = { services: each(service), volumes: each(external), secrets: each(secret), configs: each(config) };
  return changeKeys(project, sections, At.root(project, faults));
}

const service: Change = (value, at) => (isMap(value) ? changeKeys(value, SERVICE, at) : value);

const inItems =
  (change: Change): Change =>
  (value, at) =>
    isList(value) ? changeEach(value, change, at) : value;

const below =
  (changes: Readonly<Record<string, Change>>): Change =>
  (value, at) =>
    isMap(value) ? changeKeys(value, changes, at) : value;

const SERVICE: Readonly<Record<string, Change>> = {
  build: (value, at) => (isMap(value) && !('context' in value) ? at.changed(value, { context: '.' }) : value),
  deploy: below({ resources: below({ reservations: below({ devices: inItems(deviceRequest) }) }) }),
  devices: inItems(device),
  develop: below({ watch: inItems(watch) }),
  gpus: inItems(deviceRequest),
  ports: inItems(port),
  secrets: inItems(secretUse),
  volumes: inItems(mount),
};

function secretUse(value: Plain, at: At): Plain {
  if (!isMap(value) || 'target' in value) return value;
  return at.changed(value, { target: `/run/secrets/${String(value['source'])}` });
}

function port(value: Plain, at: At): Plain {
  if (!isMap(value)) return value;
  if (!('target' in value)) withoutTarget(at, 'the port of the container');
  const host = value['host_ip'];
  if (typeof host === 'string' && isIP(host) === 0) {
    at.below(value, 'host_ip').refuse('compose/bad-port', 'it is no IP address', 'write an address of the host');
  }
  const { protocol = 'tcp', mode = 'ingress' } = value;
  return 'protocol' in value && 'mode' in value ? value : at.changed(value, { protocol, mode });
}

/** Only in short syntax a device is called the same in the container. */
function device(value: Plain, at: At): Plain {
  if (isMap(value) && typeof value['target'] !== 'string') withoutTarget(at, 'the path in the container');
  return value;
}

function withoutTarget(at: At, what: string): void {
  at.faults.add('compose/missing-key', at, `\`${at.name}\` has no \`target\``, `add \`target:\`, ${what}`);
}

function mount(value: Plain, at: At): Plain {
  if (!isMap(value)) return value;
  if (typeof value['target'] !== 'string') withoutTarget(at, 'the path in the container');
  if (value['type'] === 'bind' && !value['source']) {
    at.faults.add(
      'compose/missing-key',
      at,
      `\`${at.name}\` is a bind without \`source\``,
      'add `source:`, the path to mount',
    );
  }
  return value;
}

function deviceRequest(value: Plain, at: At): Plain {
  if (!isMap(value)) return value;
  const hasBoth = 'count' in value && 'device_ids' in value;
  if (hasBoth) conflict(at.below(value, 'count'), at, ['count', 'device_ids']);
  return 'count' in value || 'device_ids' in value ? value : at.changed(value, { count: 'all' });
}

function watch(value: Plain, at: At): Plain {
  if (isMap(value) && value['path'] === '') {
    at.below(value, 'path').refuse('compose/bad-value', 'it is empty', 'write a path');
  }
  return value;
}

function conflict(place: At, of: At, keys: readonly string[]): void {
  const message = `\`${of.name}\` has ${keys.map((key) => `\`${key}\``).join(' and ')}, which exclude each other`;
  of.faults.add('compose/conflict', { in: place.in, step: place.step, atKey: true }, message, 'keep one of them');
}

/** Beside `external: true` only a name means something. */
function external(value: Plain, at: At): Plain {
  const map = mapOf(value);
  if (!isTrue(map['external'])) return value;
  const others = Object.keys(map).filter((key) => key !== 'name' && key !== 'external' && !key.startsWith('x-'));
  for (const key of others) conflict(at.below(map, key), at, ['external', key]);
  return value;
}

function isTrue(value: Plain | undefined): boolean {
  return value === true || (typeof value === 'string' && /^(?:true|yes|on|y)$/i.test(value));
}

function secret(value: Plain, at: At): Plain {
  return oneSource(value, at, ['file', 'environment']);
}

function config(value: Plain, at: At): Plain {
  return oneSource(value, at, ['file', 'environment', 'content']);
}

function oneSource(value: Plain, at: At, sources: readonly string[]): Plain {
  const map = mapOf(value);
  const found = sources.filter((key) => key in map);
  const [, second] = found;
  if (second !== undefined) conflict(at.below(map, second), at, found);
  if (found.length === 0 && !('driver' in map) && !('external' in map)) {
    const remedy = `add one of ${sources.map((key) => `\`${key}:\``).join(', ')}, or \`external: true\``;
    at.faults.add(
      'compose/missing-key',
      { in: at.in, step: at.step, atKey: true },
      `\`${at.name}\` has no source`,
      remedy,
    );
  }
  return value;
}
