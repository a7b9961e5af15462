import type { Finding } from '@gitops/core';
import type { ComposeProject } from '../check/index.ts';
import { found } from './found.ts';
import type { LintRule } from './rules.ts';
import { type NamedService, servicesOf } from './services.ts';

/** Rights of containers that reach beyond them. */
export function privilegeFindings(project: ComposeProject): readonly Finding[] {
  return servicesOf(project).flatMap((service) => [
    ...NAMESPACES.flatMap((namespace) => shared(project, service, namespace)),
    ...powers(project, service),
  ]);
}

interface Namespace {
  readonly rule: LintRule;
  readonly key: 'network_mode' | 'pid' | 'ipc';
  readonly effect: string;
  readonly remedy: string;
}

const NAMESPACES: readonly Namespace[] = [
  {
    rule: 'compose/host-network',
    key: 'network_mode',
    effect:
      'is in the network of the host: it reaches all that listens on 127.0.0.1 there, and its `ports` count for nothing',
    remedy: 'publish what it needs with `ports:`',
  },
  {
    rule: 'compose/host-pid',
    key: 'pid',
    effect: 'sees every process of the host, with its environment and its secrets',
    remedy: 'remove `pid`',
  },
  {
    rule: 'compose/host-ipc',
    key: 'ipc',
    effect: 'shares the memory segments of the host',
    remedy: 'remove `ipc`; for more shared memory write `shm_size`',
  },
];

function shared(project: ComposeProject, { name, service }: NamedService, namespace: Namespace): readonly Finding[] {
  const { rule, key, effect, remedy } = namespace;
  if (service[key] !== 'host') return [];
  return [found(rule, project, ['services', name, key], `\`${name}\` ${effect}`, remedy)];
}

/** What is as good as being root on the host. */
function powers(project: ComposeProject, { name, service }: NamedService): readonly Finding[] {
  if (service.privileged === true) {
    const message = `\`${name}\` is privileged: whoever takes it over has the host`;
    const remedy = 'remove `privileged`, and give it what it needs by `cap_add` and `devices`';
    return [found('compose/privileged', project, ['services', name, 'privileged'], message, remedy)];
  }
  return (service.cap_add ?? []).flatMap((capability, index) => {
    const effect = DANGEROUS.get(capability.toUpperCase().replace(/^CAP_/, ''));
    if (effect === undefined) return [];
    const message = `\`${name}\` has the capability \`${capability}\`, with which it ${effect}`;
    const remedy = 'remove it, or name the smaller capability that is needed';
    return [found('compose/dangerous-capability', project, ['services', name, 'cap_add', index], message, remedy)];
  });
}

/** https://man7.org/linux/man-pages/man7/capabilities.7.html */
const DANGEROUS: ReadonlyMap<string, string> = new Map([
  ['ALL', 'may do all that root may'],
  ['SYS_ADMIN', 'mounts file systems and leaves its container'],
  ['SYS_MODULE', 'loads modules into the kernel of the host'],
  ['SYS_RAWIO', 'reads and writes the memory and the disks of the host'],
  ['DAC_READ_SEARCH', 'reads every file of the host'],
  ['BPF', 'loads programs into the kernel of the host'],
]);
