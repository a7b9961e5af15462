import type { Rendered } from '../rendered.ts';
import { networkHash } from './compose-hash.ts';
import { composeLabel, withoutComposeLabels } from './compose-labels.ts';
import { asMap, type Definition, forCompose, given } from './definition.ts';
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
  const usual = rendered ?? fullest(inspected);
  return { definition: matching ?? usual, diverges: label !== '' && matching === undefined };
}

/** From what is usually asked for to everything that Docker says. `$` is written `$$`. */
function possibleDefinitions(inspected: InspectedNetwork): readonly RenderedNetwork[] {
  const { Driver, IPAM, Options, EnableIPv6 } = inspected;
  const fields = combinations({
    ipam: combinations({ driver: optional(IPAM.Driver, 'default'), config: possiblePools(inspected) }),
    driver: optional(Driver, 'bridge'),
    driver_opts: Object.keys(Options).length === 0 ? [Options] : [Options, {}],
    enable_ipv6: EnableIPv6 ? [true] : [undefined, false],
  });
  return fields.map((each) => forCompose(definitionWith(inspected, each)));
}

/** With its addresses, so that a service's own address still fits. */
function fullest(inspected: InspectedNetwork): RenderedNetwork {
  const { Driver, IPAM, Options, EnableIPv6 } = inspected;
  const ipam = { driver: optional(IPAM.Driver, 'default')[0], config: IPAM.Config.map((each) => pool(each, true)) };
  const fields = { ipam, driver: optional(Driver, 'bridge')[0], driver_opts: Options };
  return forCompose(definitionWith(inspected, { ...fields, enable_ipv6: EnableIPv6 || undefined }));
}

/** Docker's own choice looks like the same one made by a person. */
function optional(value: string, usual: string): readonly string[] {
  return value === usual ? ['', value] : [value];
}

/** Every way to take one of the values for each field; the first ones come first. */
function combinations(choices: Readonly<Record<string, readonly unknown[]>>): readonly Definition[] {
  return Object.entries(choices).reduceRight<readonly Definition[]>(
    (all, [field, values]) => values.flatMap((value) => all.map((each) => ({ ...each, [field]: value }))),
    [{}],
  );
}

function definitionWith(
  inspected: InspectedNetwork,
  { ipam, driver, driver_opts, enable_ipv6 }: Definition,
): RenderedNetwork {
  const fields = given({
    driver,
    driver_opts,
    ipam: given(asMap(ipam)),
    internal: inspected.Internal,
    attachable: inspected.Attachable,
    labels: withoutComposeLabels(inspected.Labels),
  });
  const families = {
    ...(enable_ipv6 !== undefined && { enable_ipv6 }),
    ...(!inspected.EnableIPv4 && { enable_ipv4: false }),
  };
  return { name: inspected.Name, ...fields, ...families };
}

type Pool = InspectedNetwork['IPAM']['Config'][number];

/** None, all or those of one family may have been asked for, with a gateway or without. */
function possiblePools({ IPAM }: InspectedNetwork): readonly (readonly Definition[])[] {
  const isSix = ({ Subnet }: Pool): boolean => Subnet.includes(':');
  const sets = [IPAM.Config, IPAM.Config.filter(isSix), IPAM.Config.filter((each) => !isSix(each))];
  return [[], ...sets.flatMap((set) => [set.map((each) => pool(each, false)), set.map((each) => pool(each, true))])];
}

function pool({ Subnet, Gateway, IPRange, AuxiliaryAddresses }: Pool, withGateway: boolean): Definition {
  return given({
    subnet: Subnet,
    gateway: withGateway ? Gateway : '',
    ip_range: IPRange,
    aux_addresses: AuxiliaryAddresses,
  });
}
