export type ChangeAction = 'create' | 'update' | 'recreate' | 'restart' | 'reload' | 'delete' | 'none';

export interface FieldDifference {
  readonly field: string;
  /** Left out where the value may be secret. */
  readonly before?: string;
  readonly after?: string;
}

/**
 * Where a difference comes from: the commit (Desired is not Recorded), the host, where somebody changed something since the last
 * deployment (Recorded is not Live), or both.
 */
type ChangeOrigin = 'change' | 'drift' | 'both';

/** A file or folder of the host itself that a service mounts. */
export interface HostMount {
  readonly source: string;
  /** Where the service finds it. */
  readonly target: string;
  readonly readOnly: boolean;
  /** The recorded release does not mount it there. */
  readonly isNew: boolean;
}

export interface Change {
  /** e.g. `compose:production/web`, `compose:production/network/front`. */
  readonly address: string;
  /** The target it happens on; left out in an environment that has only one. */
  readonly target?: string;
  readonly stack: string;
  /** What it is called in reports, as its evidence is: `web`, with its stack and target where there are several. */
  readonly subject: string;
  readonly kind: 'service' | 'network' | 'volume';
  readonly name: string;
  readonly action: ChangeAction;
  /** One line. `changed: …` names the fields, `kept: …` says why something that nothing wants stays. */
  readonly cause: string;
  /** Left out where nothing is done. */
  readonly origin?: ChangeOrigin;
  /** Of `both`: what was changed on the host. */
  readonly drift?: string;
  readonly fields: readonly FieldDifference[];
  /** `blocked` changes lose data and are refused. */
  readonly risk: 'none' | 'interrupts' | 'blocked';
  /** What to do about a blocked change. */
  readonly remedy?: string;
  /** What to think of before agreeing to it: data that stays behind, a version that reads the data of none before it. */
  readonly warnings?: readonly string[];
  readonly imageBefore?: string;
  readonly imageAfter?: string;
  /** `sha256:…`, as the registry knows these images; left out where the host has not heard of it. */
  readonly digestBefore?: string;
  readonly digestAfter?: string;
  /** The image is not on the host yet. */
  readonly isPulled?: boolean;
  readonly hostMounts?: readonly HostMount[];
}

export interface Plan {
  readonly changes: readonly Change[];
  /** Whoever applies this exact plan to this exact state gets this hash. */
  readonly hash: string;
  readonly warnings: readonly string[];
}
