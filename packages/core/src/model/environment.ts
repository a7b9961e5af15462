import type { Place } from './finding.ts';

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
  /** The words that call Docker on the host, where it is not `docker`: `sudo docker`. */
  readonly docker?: string;
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
  /** The encrypted file that becomes the stack's `.env`, relative to the root of the repository. */
  readonly secrets?: string;
}

/** Something the runner asks from outside. It is kept in a release and needs no checkout. */
export type ProbeSpec = HttpProbeSpec | TcpProbeSpec;

export interface HttpProbeSpec {
  readonly name: string;
  readonly kind: 'http';
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** 5000 if left out. */
  readonly timeoutMs?: number;
  /** Whether redirects are followed; not if left out. */
  readonly redirects?: boolean;
  readonly tls?: TlsSpec;
  /** What is good; 200 to 299 if left out. */
  readonly status?: number | readonly number[];
  /** Headers of the answer, each with a part of its value. */
  readonly answerHeaders?: Readonly<Record<string, string>>;
  /** A part of the body. */
  readonly body?: string;
}

export interface TlsSpec {
  /** PEM texts of the only authorities to trust; without it, those of Node and of the system. */
  readonly ca?: string;
  /** `false` takes any certificate. */
  readonly verify?: boolean;
}

export interface TcpProbeSpec {
  readonly name: string;
  readonly kind: 'tcp';
  readonly host: string;
  readonly port: number;
  /** 5000 if left out. */
  readonly timeoutMs?: number;
}

export interface HealthSpec {
  /** Longest time from the last step to the first healthy sample. */
  readonly deadlineMs: number;
  /** How long everything must stay healthy after that. */
  readonly stabilityMs: number;
  /** Longest silence of the runner before the host reverts by itself. */
  readonly confirmTimeoutMs: number;
  readonly probes: readonly ProbeSpec[];
}

/** A registry to log in to for pulls. User name and password are templates with variables of the stacks' `.env` files. */
export interface RegistrySpec {
  /** As in image names; `docker.io` is Docker Hub. */
  readonly host: string;
  readonly username: string;
  readonly password: string;
  /** What it is called in messages: `registries[0]`. */
  readonly key: string;
  readonly usernameAt: Place;
  readonly passwordAt: Place;
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
  /** Sorted by name: the order in which leases are taken. */
  readonly targets: readonly DockerTarget[];
  readonly stacks: readonly StackSpec[];
  readonly health: HealthSpec;
  readonly retention: RetentionSpec;
  /** Whether a commit has to come by an approved pull request; if left out, nobody has to agree. */
  readonly approvals?: 'required';
  /** None if left out. */
  readonly registries?: readonly RegistrySpec[];
  /** The environment's own `known_hosts`, if there is one. */
  readonly knownHosts?: string;
}

/** What an environment says of one of its targets. */
export interface Scope {
  readonly environment: Environment;
  readonly target: DockerTarget;
  /** The stacks that run there, in the order of `environment.yml`. */
  readonly stacks: readonly StackSpec[];
}
