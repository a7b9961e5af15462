/** What a release of Compose does otherwise than those of today. */
export interface ComposeRelease {
  /** As it is called in messages; empty if it is not known, and then it is taken for one of today. */
  readonly version: string;
  /** `depends_on` is a part of the hash by which it tells whether a container is up to date. */
  readonly hashesDependencies: boolean;
  /** What depends on a service that gets a new container gets one too, and so on. */
  readonly recreatesDependents: boolean;
  /** A network whose configuration changed is not made again, or what is attached to it does not start afterwards. */
  readonly keepsChangedNetworks: boolean;
}

/** The first release that makes a changed network again and starts what is attached to it. */
export const RECREATES_NETWORKS = '2.37';

/**
 * What is known of a release, e.g. `2.26.1-4`.
 *
 * `depends_on` left the hash with https://github.com/docker/compose/pull/12072, dependents stay since
 * https://github.com/docker/compose/pull/12122, and networks were first noticed by
 * https://github.com/docker/compose/pull/12267, which https://github.com/docker/compose/pull/12899 mended.
 */
export function composeRelease(version: string): ComposeRelease {
  return {
    version,
    hashesDependencies: isBefore(version, [2, 30, 0]),
    recreatesDependents: isBefore(version, [2, 29, 4]),
    keepsChangedNetworks: isBefore(version, [2, 37, 0]),
  };
}

function isBefore(version: string, first: readonly number[]): boolean {
  const said = /^v?(\d+)\.(\d+)(?:\.(\d+))?/.exec(version);
  if (!said) return false;
  const numbers = said.slice(1).map((text = '0') => Number(text));
  const differing = numbers.findIndex((number, index) => number !== first[index]);
  return differing >= 0 && (numbers[differing] ?? 0) < (first[differing] ?? 0);
}
