/** A host reached by SSH that runs Docker. */
export interface DockerTarget {
  readonly kind: 'docker';
  readonly name: string;
  readonly host: string;
  readonly port: number;
  readonly user: string;
  /** Absolute path on the host. */
  readonly stateDir: string;
  /** The hosts to go through, in order. Absent: none. */
  readonly jump?: readonly JumpHost[];
}

/** An SSH server on the way to a target. */
export interface JumpHost {
  readonly host: string;
  readonly port: number;
  readonly user: string;
}

/** `recreate` is the only strategy so far. */
export interface StackSpec {
  /** The Compose project name. */
  readonly name: string;
  /** The folder of the Compose file, relative to the root of the repository, with `/`; `''` is the root. */
  readonly folder: string;
  readonly target: string;
}

export type ProbeSpec =
  | {
      readonly name: string;
      readonly kind: 'http';
      readonly url: string;
      readonly status?: number;
      readonly body?: string;
    }
  | { readonly name: string; readonly kind: 'tcp'; readonly host: string; readonly port: number };

export interface HealthSpec {
  /** Longest time from the last step to the first healthy sample. */
  readonly deadlineMs: number;
  /** How long everything must stay healthy after that. */
  readonly stabilityMs: number;
  /** Longest silence of the runner before the host reverts by itself. */
  readonly confirmTimeoutMs: number;
  readonly probes: readonly ProbeSpec[];
}

/** How long releases are kept on the host: all of the last days, and at least so many. */
export interface RetentionSpec {
  readonly days: number;
  readonly releases: number;
}

export interface Environment {
  readonly repositoryName: string;
  readonly name: string;
  readonly branch?: string;
  readonly target: DockerTarget;
  readonly stack: StackSpec;
  readonly health: HealthSpec;
  readonly retention: RetentionSpec;
  /** The environment's own `known_hosts`, if there is one. */
  readonly knownHosts?: string;
}
