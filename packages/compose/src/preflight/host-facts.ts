import { BlockList, isIP, isIPv4 } from 'node:net';
import { type HostPort, listedPort } from '../host-ports.ts';
import { readSpace, type Space } from '../space.ts';
import { readListeners } from './listeners.ts';

/** What a host says of itself, in the words of the program `preflight`. */
export interface HostFacts {
  /** Where its Docker is; empty if it does not tell. */
  readonly endpoint: string;
  /** Whether Docker answers. */
  readonly hasDocker: boolean;
  readonly state: string;
  readonly space: Space;
  /** `file`, `folder`, `other`, `missing` or `hidden`, by path. */
  readonly kinds: ReadonlyMap<string, string>;
  readonly listeners: readonly Listener[];
  readonly containers: readonly RunningContainer[];
  readonly networks: ReadonlySet<string>;
  readonly volumes: ReadonlySet<string>;
  readonly images: ReadonlySet<string>;
  /** Whether Docker asks a registry without encryption too. */
  readonly isInsecure: (registry: string) => boolean;
}

/** Somebody who listens at a port. */
export interface Listener {
  readonly port: HostPort;
  /** The name of its program; empty if this user may not know. */
  readonly program: string;
  /** The container it runs in; empty for none, or if this user may not know. */
  readonly container: string;
}

export interface RunningContainer {
  readonly id: string;
  readonly project: string;
  readonly name: string;
  readonly ports: readonly HostPort[];
}

/** Reads the parts of an answer of the program `preflight`. */
export function readHostFacts(parts: ReadonlyMap<string, string>): HostFacts {
  const lines = (name: string) => (parts.get(name) ?? '').split('\n').filter((line) => line !== '');
  return {
    endpoint: lines('endpoint')[0] ?? '',
    hasDocker: lines('docker')[0] === '0',
    state: lines('state')[0] ?? '',
    space: readSpace(parts),
    kinds: new Map(lines('paths').map(kindOf)),
    listeners: readListeners(lines('listeners'), lines('holders')),
    containers: lines('containers').map(container),
    networks: new Set(lines('networks').flatMap((line) => line.split(' '))),
    volumes: new Set(lines('volumes')),
    images: new Set(lines('here')),
    isInsecure: insecureRegistries(lines('insecure')),
  };
}

/** `KIND PATH` */
function kindOf(line: string): readonly [path: string, kind: string] {
  const blank = line.indexOf(' ');
  return [line.slice(blank + 1), line.slice(0, blank)];
}

/** `ID|PROJECT|NAME|PORTS` */
function container(line: string): RunningContainer {
  const [id = '', project = '', name = '', ports = ''] = line.split('|');
  return { id, project, name, ports: ports.split(', ').flatMap((text) => listedPort(text) ?? []) };
}

/** Names, and nets such as 127.0.0.0/8. Docker also looks up where other names lead to, which is not done here. */
function insecureRegistries(words: readonly string[]): (registry: string) => boolean {
  const names = new Set(words.map((word) => word.toLowerCase()));
  const nets = new BlockList();
  for (const word of words) {
    const [net = '', length = ''] = word.split('/');
    if (isIP(net) !== 0 && length !== '') nets.addSubnet(net, Number(length), isIPv4(net) ? 'ipv4' : 'ipv6');
  }
  return (registry) => {
    const host = registry.replace(/:\d+$/, '').replace(/^localhost$/, '127.0.0.1');
    return names.has(registry) || (isIP(host) !== 0 && nets.check(host, isIPv4(host) ? 'ipv4' : 'ipv6'));
  };
}
