import type { Rules } from '@gitops/core';

/** What Compose itself would refuse, and what is refused before Compose sees it. Each has a page in `docs/rules/`. */
export const COMPOSE_RULES = {
  'compose/absolute-path': {
    level: 'error',
    says: 'A file of the project is named by an absolute path',
    isFixed: true,
  },
  'compose/home-path': { level: 'error', says: 'A path begins with `~`', isFixed: true },
  'compose/invalid-variable': { level: 'error', says: 'A `$` begins no variable that Compose can read', isFixed: true },
  'compose/large-file': { level: 'warning', says: 'A file of more than 50 MiB goes to the host with each deployment' },
  'compose/missing-file': { level: 'error', says: 'A file that the project names is not in git', isFixed: true },
  'compose/missing-folder': { level: 'warning', says: 'A folder that a container mounts is not in git' },
  'compose/no-compose-file': { level: 'error', says: 'The folder of a stack holds no Compose file', isFixed: true },
  'compose/not-a-file': { level: 'error', says: 'A folder is named where a file is meant', isFixed: true },
  'compose/not-a-mapping': { level: 'error', says: 'A Compose file holds no mapping', isFixed: true },
  'compose/path-outside': { level: 'error', says: 'A path or a link leaves the repository', isFixed: true },
  'compose/refused': { level: 'error', says: 'The Compose of the host refuses the project', isFixed: true },
  'compose/remote-file': { level: 'error', says: 'A file is included from elsewhere', isFixed: true },
  'compose/seccomp-profile': {
    level: 'error',
    says: 'A seccomp profile of the repository is looked for on the host',
    isFixed: true,
  },
  'compose/unset-variable': { level: 'error', says: 'A variable has no value', isFixed: true },
} as const satisfies Rules;
