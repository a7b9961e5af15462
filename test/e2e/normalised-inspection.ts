import { runCommand } from '../lab/command.ts';

type Json = Readonly<Record<string, unknown>>;

/** What changes each time a container is made, or says only by which files. */
const OF_THE_MOMENT = new Set(
  [
    'Id',
    'Created',
    'ResolvConfPath',
    'HostnamePath',
    'HostsPath',
    'LogPath',
    'GraphDriver',
    'ExecIDs',
    'RestartCount',
  ].concat(
    ['SandboxID', 'SandboxKey', 'EndpointID', 'NetworkID', 'Gateway', 'IPAddress', 'IPPrefixLen', 'GlobalIPv6Address'],
    ['GlobalIPv6PrefixLen', 'IPv6Gateway', 'MacAddress', 'Pid', 'StartedAt', 'FinishedAt', 'Health', 'AppArmorProfile'],
  ),
);
const LABELS_OF_FILES =
  /^com\.docker\.compose\.(config-hash|replace|project\.(config_files|working_dir|environment_file))$/;
/** Docker writes down that it was given nothing, or nothing at all. */
const EMPTY_OR_ABSENT = new Set(['IPAMConfig', 'BindOptions']);
/** Where Docker lists in no order, or Compose writes the same in two ways. */
const UNORDERED = new Set(['Env', 'Aliases', 'Binds', 'Links', 'Ulimits', 'CapAdd', 'CapDrop', 'Mounts', 'ExtraHosts']);

/** Everything that Docker says of a project's containers, by their names, without what no two containers share. */
export async function normalisedInspection(project: string): Promise<Readonly<Record<string, unknown>>> {
  const containers = await inspect(project);
  const names = new Map(
    containers.flatMap((each) => [each['Id'], String(each['Id']).slice(0, 12)].map((id) => [id, each['Name']])),
  );
  return Object.fromEntries(containers.map((each) => [each['Name'], normalised(withoutIds(each, names))]));
}

/** The ids of a project's containers, by their names. */
export async function containerIds(project: string): Promise<Readonly<Record<string, unknown>>> {
  return Object.fromEntries((await inspect(project)).map(({ Name, Id }) => [Name, Id]));
}

async function inspect(project: string): Promise<readonly Json[]> {
  const ids = await runCommand('docker', ['ps', '-aq', '--filter', `label=com.docker.compose.project=${project}`]);
  return JSON.parse(await runCommand('docker', ['container', 'inspect', ...ids.split('\n')]));
}

/** Ids of the project's own containers become their names, wherever they are. */
function withoutIds(container: Json, names: ReadonlyMap<unknown, unknown>): Json {
  const text = JSON.stringify({ ...container, HostConfig: comparableHost(container['HostConfig']) });
  return JSON.parse(text.replace(/\b[0-9a-f]{64}\b|\b[0-9a-f]{12}\b/g, (id) => String(names.get(id) ?? id)));
}

/** A volume is in `Binds` or in `Mounts`, depending on how it was asked for; what is mounted is compared by the real mounts. */
function comparableHost(host: unknown): Json {
  const { Binds, Mounts, ...rest } = asMap(host);
  const binds = asList(Binds).filter((bind) => String(bind).startsWith('/'));
  return { ...rest, Binds: binds, Mounts: asList(Mounts).filter((mount) => asMap(mount)['Type'] !== 'volume') };
}

function normalised(value: unknown, field = ''): unknown {
  if (Array.isArray(value)) {
    const all = value.map((each) => normalised(each));
    return UNORDERED.has(field) ? all.sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)) : all;
  }
  if (typeof value !== 'object' || value === null)
    return field === 'com.docker.compose.depends_on' ? listed(value) : value;
  const isVolume = 'Destination' in value && 'Type' in value && value.Type === 'volume';
  const entries = Object.entries(value).filter(
    ([name, each]) => !isOfTheMoment(name, field) && !(isVolume && name === 'Mode') && !isNothing(name, each),
  );
  return Object.fromEntries(entries.map(([name, each]) => [name, normalised(each, name)]));
}

function isNothing(name: string, value: unknown): boolean {
  return EMPTY_OR_ABSENT.has(name) && Object.keys(asMap(value)).length === 0;
}

function listed(value: unknown): readonly string[] {
  return String(value).split(',').sort();
}

/** `MacAddress` in `Config` is one that was asked for. */
function isOfTheMoment(name: string, within: string): boolean {
  return (OF_THE_MOMENT.has(name) && !(name === 'MacAddress' && within === 'Config')) || LABELS_OF_FILES.test(name);
}

function asMap(value: unknown): Json {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
