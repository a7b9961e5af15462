import type { RetentionSpec } from './model.ts';

/** A release as it lies on a host, as far as it matters for how long it is kept. */
export interface StoredRelease {
  readonly name: string;
  /** When it was made, milliseconds since the epoch; `NaN` if nobody can read it. Without a manifest: it was never confirmed. */
  readonly madeAt?: number;
  /** It still has the rendered files, with secret values, by which it can be activated at once. */
  readonly hasSecrets: boolean;
  /** A container mounts a file of it. */
  readonly isMounted: boolean;
}

export interface StoredReleases {
  /** The name of the current one. */
  readonly current: string;
  readonly releases: readonly StoredRelease[];
}

/** What is to become of the releases that are not named: nothing. */
export interface Cuts {
  readonly remove: readonly string[];
  /** They stay, and lose what holds secret values. */
  readonly strip: readonly string[];
}

/** So many can be gone back to without a key. */
const READY_RELEASES = 5;
const DAY_MS = 24 * 3_600_000;

/**
 * Which releases go, and which lose their secrets. Pure. The current one stays whole; the newest ones, recent ones and
 * mounted ones stay; what is newer than the current one is somebody's who is not done with it.
 */
export function cutsFor({ current, releases }: StoredReleases, retention: RetentionSpec, now: Date): Cuts {
  const older = releases.filter(({ name }) => numberOf(name) < numberOf(current)).sort(newestFirst);
  const confirmed = older.filter(({ madeAt }) => madeAt !== undefined);
  const isNewest = (release: StoredRelease, count: number) => confirmed.slice(0, count - 1).includes(release);
  const isRecent = ({ madeAt }: StoredRelease) =>
    madeAt !== undefined && !(now.getTime() - madeAt > retention.days * DAY_MS);
  const stays = (release: StoredRelease) =>
    release.isMounted || isNewest(release, retention.releases) || isRecent(release);
  const names = (list: readonly StoredRelease[]) => list.map(({ name }) => name);
  return {
    remove: names(older.filter((release) => !stays(release))),
    strip: names(older.filter((each) => each.hasSecrets && stays(each) && !isReady(each, confirmed))),
  };
}

/** The current one counts as one of them. A mounted file must not be taken away from its container. */
function isReady(release: StoredRelease, confirmed: readonly StoredRelease[]): boolean {
  return release.isMounted || confirmed.slice(0, READY_RELEASES - 1).includes(release);
}

function newestFirst(a: StoredRelease, b: StoredRelease): number {
  return numberOf(b.name) - numberOf(a.name);
}

/** By the number before the hyphen; what is no release has none, and is never older than anything. */
function numberOf(name: string): number {
  return /^\d+-/.test(name) ? Number.parseInt(name, 10) : Number.NaN;
}
