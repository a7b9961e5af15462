import { createHash } from 'node:crypto';
import { asMap, type Definition, fromCompose, given } from './definition.ts';

const NETWORK_FIELDS = [
  'name',
  'driver',
  'driver_opts',
  'ipam',
  'external',
  'internal',
  'attachable',
  'labels',
  'enable_ipv4',
  'enable_ipv6',
];
const VOLUME_FIELDS = ['name', 'driver', 'driver_opts', 'external', 'labels'];

/**
 * The hash that Compose (2.33 and newer) puts into the label of a network, from its rendered definition: SHA-256 of the
 * definition as Go writes its structure, fields in their order there, maps by their keys (docker/compose: pkg/compose/hash.go).
 */
export function networkHash(rendered: Definition): string {
  const { driver, config } = asMap(rendered['ipam']);
  const ipam = given({ driver, config: Array.isArray(config) ? config.map(poolInOrder) : undefined });
  return hash({ ...rendered, ipam }, NETWORK_FIELDS);
}

/** The same for a volume, whose driver is written out. */
export function volumeHash(rendered: Definition): string {
  return hash({ ...rendered, driver: rendered['driver'] ?? 'local' }, VOLUME_FIELDS);
}

function hash(rendered: Definition, order: readonly string[]): string {
  const definition: Definition = fromCompose(rendered);
  const maps = { driver_opts: sorted(definition['driver_opts']), labels: sorted(definition['labels']) };
  const whole: Definition = { ...definition, ...maps };
  const fields = order.filter((field) => !isAbsent(field, whole[field]));
  const json = JSON.stringify(Object.fromEntries(fields.map((field) => [field, whole[field]])));
  return createHash('sha256').update(goEscapes(json)).digest('hex');
}

function poolInOrder(pool: unknown): Definition {
  const { subnet, gateway, ip_range, aux_addresses } = asMap(pool);
  return given({ subnet, gateway, ip_range, aux_addresses: sorted(aux_addresses) });
}

function sorted(value: unknown): Definition | undefined {
  const entries = Object.entries(asMap(value)).sort(([a], [b]) => (a < b ? -1 : 1));
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}

/** Go leaves out what is empty, but for the address families it tells `false` from nothing. */
function isAbsent(field: string, value: unknown): boolean {
  return value === undefined || value === null || value === '' || (value === false && !field.startsWith('enable_'));
}

/** Go's JSON is made to be put into HTML. */
function goEscapes(json: string): string {
  const code = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  return json.replace(/[<>&\u2028\u2029]/g, code);
}
