import { canonical, type FieldDifference } from '@gitops/core';

type Definition = Readonly<Record<string, unknown>>;

/** Fields whose values can't be secret; of all others only the name is shown. */
const OPEN = new Set(['image', 'restart', 'ports', 'networks', 'scale', 'user', 'network_mode', 'container_name']);
/** Compose does not look at these to decide whether a container is up to date. */
const IGNORED = new Set(['depends_on', 'profiles', 'scale', 'x-gitops', 'pull_policy', 'build']);
/** These are compared entry by entry. */
const MAPS = new Set(['environment', 'labels']);

/** What differs between two rendered definitions, without a value that might be secret. Pure. */
export function fieldDifferences(
  before: Definition,
  after: Definition,
  ignored: ReadonlySet<string> = IGNORED,
): readonly FieldDifference[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])]
    .filter((name) => !ignored.has(name))
    .sort();
  return names.flatMap((name) => difference(name, compared(name, before[name]), compared(name, after[name])));
}

/** The differing fields in one line. */
export function namesOfFields(fields: readonly FieldDifference[]): string {
  return [...new Set(fields.map(describe))].join(', ');
}

function describe({ field, before, after }: FieldDifference): string {
  if (field === 'labels.gitops.inputs') return 'content of a config, secret or mounted file';
  if (field === 'volumes') return 'mounts';
  if (field.startsWith('files.')) return `content of ${field.slice('files.'.length)}`;
  if (field === 'labels.gitops.name' || field === 'labels.gitops.environment') return 'labels of its owner';
  return before !== undefined && after !== undefined ? `${field} ${before} → ${after}` : field;
}

/** How many containers there are is no difference between them. */
function compared(name: string, value: unknown): unknown {
  if (name !== 'deploy') return value;
  const { replicas: _replicas, ...rest } = asMap(value);
  return rest;
}

function difference(name: string, before: unknown, after: unknown): readonly FieldDifference[] {
  if (canonical(before ?? null) === canonical(after ?? null)) return [];
  if (MAPS.has(name)) return entryDifferences(name, asMap(before), asMap(after));
  if (!OPEN.has(name)) return [{ field: name }];
  const [was, now] = [show(name, before), show(name, after)];
  return [was === now ? { field: name } : { field: name, before: was, after: now }];
}

function entryDifferences(name: string, before: Definition, after: Definition): readonly FieldDifference[] {
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  return keys.filter((key) => before[key] !== after[key]).map((key) => ({ field: `${name}.${key}` }));
}

/** What is no mapping is an empty one. */
export function asMap(value: unknown): Definition {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

function show(name: string, value: unknown): string {
  if (value === undefined || value === null) return 'none';
  if (name === 'ports' && Array.isArray(value)) return value.map((port) => showPort(asMap(port))).join(' ');
  if (name === 'networks' && !Array.isArray(value)) return Object.keys(asMap(value)).join(' ') || 'none';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** As people write it in a Compose file: `127.0.0.1:8080:80`, and `/udp` where it is that. */
function showPort(port: Definition): string {
  const { host_ip: address, published, target, protocol = 'tcp' } = port;
  const places = [address, published, target].filter((part) => part !== undefined && part !== '');
  return `${places.join(':')}${protocol === 'tcp' ? '' : `/${protocol}`}`;
}
