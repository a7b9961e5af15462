import { createHash } from 'node:crypto';
import type { Rendered } from '../rendered.ts';
import { composeLabel, withoutComposeLabels } from './compose-labels.ts';
import { type Definition, forCompose, fromCompose, given } from './definition.ts';
import type { InspectedNetwork } from './inspected.ts';

export type RenderedNetwork = NonNullable<NonNullable<Rendered['networks']>[string]>;

export interface NetworkChoice {
  readonly definition: RenderedNetwork;
  /** Compose will not see the network as it is in the definition, and make it anew. */
  readonly diverges: boolean;
}

/**
 * The definition of a project's own network. Docker reports addresses that it chose as if they had been asked for, and
 * Compose makes a network anew, with all its containers, when the hash in the network's label is not that of the
 * definition. So the definition with that hash is taken: the files' or one of those that inspect allows.
 */
export function networkDefinition(inspected: InspectedNetwork, rendered: RenderedNetwork | undefined): NetworkChoice {
  const candidates = [...(rendered ? [rendered] : []), ...possibleDefinitions(inspected)];
  const label = composeLabel(inspected.Labels, 'config-hash');
  const matching = candidates.find((candidate) => networkHash(candidate) === label);
  const usual = candidates[0] ?? { name: inspected.Name };
  return { definition: matching ?? usual, diverges: label !== '' && matching === undefined };
}

/** From what is usually asked for to everything that Docker says. `$` is written `$$`. */
function possibleDefinitions(inspected: InspectedNetwork): readonly RenderedNetwork[] {
  const pools = [[], pool(inspected, false), pool(inspected, true)];
  const drivers = inspected.Driver === 'bridge' ? ['', 'bridge'] : [inspected.Driver];
  const ipamDrivers = inspected.IPAM.Driver === 'default' ? ['', 'default'] : [inspected.IPAM.Driver];
  const all = pools.flatMap((config) =>
    drivers.flatMap((driver) =>
      ipamDrivers.map((ipam) => definitionWith(inspected, driver, given({ driver: ipam, config }))),
    ),
  );
  return all.map((each) => forCompose(each));
}

function definitionWith(inspected: InspectedNetwork, driver: string, ipam: Definition): RenderedNetwork {
  const fields = given({
    driver,
    driver_opts: inspected.Options,
    ipam,
    internal: inspected.Internal,
    attachable: inspected.Attachable,
    labels: withoutComposeLabels(inspected.Labels),
    enable_ipv6: inspected.EnableIPv6,
  });
  return { name: inspected.Name, ...fields, ...(inspected.EnableIPv4 ? {} : { enable_ipv4: false }) };
}

function pool({ IPAM }: InspectedNetwork, withGateway: boolean): readonly Definition[] {
  return IPAM.Config.map(({ Subnet, Gateway, IPRange, AuxiliaryAddresses }) =>
    given({
      subnet: Subnet,
      gateway: withGateway ? Gateway : '',
      ip_range: IPRange,
      aux_addresses: AuxiliaryAddresses,
    }),
  );
}

const FIELDS = [
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

/** Compose's hash: SHA-256 of the definition as Go writes its structure, fields in their order there, maps by their keys. */
export function networkHash(rendered: RenderedNetwork): string {
  const definition = fromCompose(rendered);
  const { driver, config } = asMap(definition['ipam']);
  const ipam = given({ driver, config: Array.isArray(config) ? config.map(poolInOrder) : undefined });
  const whole = {
    ...definition,
    ipam,
    driver_opts: sorted(definition['driver_opts']),
    labels: sorted(definition['labels']),
  };
  const fields = FIELDS.filter((field) => field === 'ipam' || !isAbsent(asMap(whole)[field]));
  const text = JSON.stringify(Object.fromEntries(fields.map((field) => [field, asMap(whole)[field]])));
  return createHash('sha256').update(goEscapes(text)).digest('hex');
}

function poolInOrder(pool: unknown): Definition {
  const { subnet, gateway, ip_range, aux_addresses } = asMap(pool);
  return given({ subnet, gateway, ip_range, aux_addresses: sorted(aux_addresses) });
}

function sorted(value: unknown): Definition | undefined {
  const entries = Object.entries(asMap(value)).sort(([a], [b]) => (a < b ? -1 : 1));
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}

function asMap(value: unknown): Definition {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

function isAbsent(value: unknown): boolean {
  return value === undefined || value === null || value === '' || value === false;
}

/** Go's JSON is made to be put into HTML. */
function goEscapes(json: string): string {
  const code = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  return json.replace(/[<>&\u2028\u2029]/g, code);
}
