import type { Rules } from '@gitops/core';

/** What Compose takes, and what is likely to be regretted. Each has a page in `docs/rules/`. */
export const COMPOSE_LINT_RULES = {
  'compose/anonymous-volume': warning('A database keeps its data where nothing finds it again'),
  'compose/build': warning('An image is only built, and a deployment builds nothing'),
  'compose/container-name': fixed('A container name is fixed where the strategy starts the same service twice'),
  'compose/container-name-collision': fixed('Two stacks of a deployment give one name to a container'),
  'compose/dangerous-capability': warning('A capability that is as good as root on the host'),
  'compose/dangerous-mount': warning('A folder of the host that holds power over it'),
  'compose/data-left-behind': warning('A service finds other data where its own was'),
  'compose/depends-on-no-health-check': warning('A service waits for a health check that another does not have'),
  'compose/docker-socket': warning('The socket of Docker is mounted'),
  'compose/fixed-name-collision': warning('Two stacks of a host make something under one fixed name'),
  'compose/host-ipc': warning('A service shares the memory segments of the host'),
  'compose/host-network': warning('A service is in the network of the host'),
  'compose/host-pid': warning('A service sees the processes of the host'),
  'compose/mount-target-changed': warning('A volume or folder is mounted elsewhere in the container'),
  'compose/moving-tag': info('The tag of an image is a word that moves'),
  'compose/network-changed': warning('The configuration of a network changes'),
  'compose/no-health-check': warning('A service that runs on has no health check'),
  'compose/no-restart-policy': warning('A service that runs on stays down after a crash or a reboot'),
  'compose/obsolete-version': info('`version:` is written, which Compose ignores'),
  'compose/port-collision': fixed('A deployment would publish a port of the host twice'),
  'compose/privileged': warning('A service is privileged'),
  'compose/project-renamed': warning('A project gets another name'),
  'compose/public-database-port': warning('The port of a database is published on every address of the host'),
  'compose/refused-by-docker': warning('A value that Compose takes and Docker refuses'),
  'compose/repeated-project': warning('Two environments have a project of one name on one host'),
  'compose/runner-in-stack': warning('A stack holds the self-hosted runner'),
  'compose/shared-data': warning('Two environments mount one folder of one host'),
  'compose/shared-port': warning('Two environments publish one port of one host'),
  'compose/stack-order': warning('A stack needs what a later stack of its environment makes'),
  'compose/stateful-major-bump': warning('A database gets a version that reads other files'),
  'compose/stranded-data': warning('A project gets another name, and its volumes keep the old one'),
  'compose/untagged-image': warning('An image has no tag, or the tag `latest`'),
  'compose/unused': info('A network, volume, secret or config is declared, and no service uses it'),
  'compose/volume-changed': warning('The driver or the options of a volume change'),
  'compose/volume-removed-from-service': warning('A service loses a volume or a folder'),
  'compose/x-gitops': fixed('`x-gitops` of a service holds what nobody reads'),
} as const satisfies Rules;

export type LintRule = keyof typeof COMPOSE_LINT_RULES;

function warning(says: string): { readonly level: 'warning'; readonly says: string } {
  return { level: 'warning', says };
}

function info(says: string): { readonly level: 'info'; readonly says: string } {
  return { level: 'info', says };
}

function fixed(says: string): { readonly level: 'error'; readonly says: string; readonly isFixed: true } {
  return { level: 'error', says, isFixed: true };
}
