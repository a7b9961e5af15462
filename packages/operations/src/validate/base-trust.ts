import { canonical, type DockerTarget, type Environment, type RegistryLogin } from '@gitops/core';

/*
 * The files of a pull request say which host is logged in to, how Docker is called there, whose records are read, and which
 * registry gets a password. None of that may come from somebody whose change nobody has looked at: it counts as the branch has it
 * that the change is for.
 */

/** What the branch says of an environment that a change is for; `environment` is undefined where it has none of that name. */
export interface Base {
  readonly environment: Environment | undefined;
}

/** Targets whose host would be reached, or read, in another way than before. Without a base the files are trusted. */
export function changedTargets(environment: Environment, base: Base | undefined): readonly DockerTarget[] {
  if (!base) return [];
  const known = new Set(base.environment?.targets.map((target) => identityOf(base.environment, target)));
  return environment.targets.filter((target) => !known.has(identityOf(environment, target)));
}

function identityOf(environment: Environment | undefined, target: DockerTarget): string {
  const { repositoryName, name, knownHosts = '' } = environment ?? {};
  return canonical({ repositoryName, name, knownHosts, target });
}

/** Logins for registries that are as they were. */
export function trustedLogins(
  logins: readonly RegistryLogin[],
  environment: Environment,
  base: Base | undefined,
): readonly RegistryLogin[] {
  if (!base) return logins;
  const loginOf = (specs: Environment['registries'], host: string) => {
    const spec = specs?.find((each) => each.host.toLowerCase() === host);
    return spec && canonical([spec.username, spec.password]);
  };
  return logins.filter(({ host }) => {
    const before = loginOf(base.environment?.registries, host);
    return before !== undefined && before === loginOf(environment.registries, host);
  });
}

/** Whether a host may be sent to a registry: to one of the base branch, or to a name of the public network. */
export function mayAskRegistry(registry: string, base: Base | undefined): boolean {
  const isKnown = base?.environment?.registries?.some(({ host }) => host.toLowerCase() === registry) ?? false;
  return !base || isKnown || (/^[a-z0-9.-]+\.[a-z]{2,}$/.test(registry) && !PRIVATE.test(registry));
}

/** Names that lead into the network of a host. */
const PRIVATE = /\.(?:arpa|corp|home|internal|intranet|lan|local|localdomain|localhost|private|test)$/;
