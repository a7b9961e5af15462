/** The vocabulary of the project as plain data. Nothing here does anything. */

export type Severity = 'error' | 'warning' | 'info';

/** One thing somebody should mend in a file. `line` and `column` count from 1. */
export interface Finding {
  /** Kebab-case rule id, e.g. `config/unknown-key`. */
  readonly rule: string;
  readonly severity: Severity;
  /** Relative to the root of the repository, with `/`. */
  readonly file: string;
  readonly line?: number;
  readonly column?: number;
  /** What was seen. */
  readonly message: string;
  /** How to mend it. */
  readonly remedy: string;
}

/** A host reached by SSH that runs Docker. */
export interface DockerTarget {
  readonly kind: 'docker';
  readonly name: string;
  readonly host: string;
  readonly port: number;
  readonly user: string;
  /** Absolute path on the host. */
  readonly stateDir: string;
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

export type PullPolicy = 'missing' | 'always' | 'never';

export type ServiceRole = 'service' | 'job' | 'optional';

/** A service made concrete by the host: what Compose will be given, pinned. */
export interface DesiredService {
  readonly name: string;
  readonly role: ServiceRole;
  /** What the Compose file said, e.g. `nginx:1.27`. */
  readonly image: string;
  /** The image on this host, `sha256:…`. */
  readonly imageId: string;
  readonly replicas: number;
  /** Compose's own hash of the rendered service, as it will stand in the label `com.docker.compose.config-hash`. */
  readonly configHash: string;
  readonly hasHealthcheck: boolean;
  readonly pullPolicy: PullPolicy;
  /** Digests of the objects it mounts. */
  readonly objects: readonly string[];
  /** The rendered definition, for field differences only. Holds secret values. */
  readonly definition: Readonly<Record<string, unknown>>;
}

export interface DesiredNetwork {
  /** The key in the Compose file. */
  readonly key: string;
  /** The name on the host. */
  readonly name: string;
  readonly external: boolean;
  readonly definition: Readonly<Record<string, unknown>>;
}

export interface DesiredVolume {
  readonly key: string;
  readonly name: string;
  readonly external: boolean;
  readonly driver: string;
  readonly driverOptions: Readonly<Record<string, string>>;
}

/** A file or folder that containers mount, kept by its content under `objects/`. */
export interface MountedObject {
  readonly digest: string;
  readonly kind: 'file' | 'folder';
  /** Where it lies in the uploaded tree, relative to the root of the repository. */
  readonly source: string;
}

/** Declared made concrete by the target itself. */
export interface Desired {
  readonly project: string;
  readonly services: readonly DesiredService[];
  readonly networks: readonly DesiredNetwork[];
  readonly volumes: readonly DesiredVolume[];
  readonly objects: readonly MountedObject[];
  /** Services that the files name and no active profile starts: known, so never orphans. */
  readonly inactiveServices: readonly string[];
  /** Absolute bind sources: the host's own files. */
  readonly hostPaths: readonly string[];
}

export type ContainerState = 'created' | 'running' | 'paused' | 'restarting' | 'removing' | 'exited' | 'dead';

export interface LiveContainer {
  readonly id: string;
  readonly name: string;
  readonly service: string;
  readonly configHash: string;
  readonly imageId: string;
  readonly state: ContainerState;
  readonly exitCode: number;
  readonly oomKilled: boolean;
  readonly restartCount: number;
  readonly restartPolicy: string;
  /** Milliseconds since the epoch by the host's clock; `0` if it never started. */
  readonly startedAt: number;
  readonly health?: LiveHealth;
  readonly networks: readonly string[];
  /** `gitops.name` and `gitops.environment`, if the container carries them. */
  readonly owner?: { readonly name: string; readonly environment: string };
  readonly oneOff: boolean;
}

export interface LiveHealth {
  readonly status: 'starting' | 'healthy' | 'unhealthy';
  /** End of the last check, milliseconds since the epoch by the host's clock; `0` if there was none. */
  readonly checkedAt: number;
  /** Output of the last check, cut to 1000 characters. */
  readonly output: string;
}

export interface LiveNetwork {
  readonly name: string;
  /** Names of attached containers that do not belong to the project. */
  readonly foreign: readonly string[];
}

export interface LiveVolume {
  readonly name: string;
  readonly driver: string;
  readonly driverOptions: Readonly<Record<string, string>>;
}

/** What runs, read in one round trip. */
export interface Live {
  /** The host's clock at the reading, milliseconds since the epoch. */
  readonly at: number;
  readonly containers: readonly LiveContainer[];
  readonly networks: readonly LiveNetwork[];
  readonly volumes: readonly LiveVolume[];
  /** Digests of mounted objects that are missing or were tampered with. */
  readonly damagedObjects: readonly string[];
  /** Containers' names seen on the host outside the project. */
  readonly unmanaged: readonly string[];
}

export type ChangeAction = 'create' | 'update' | 'recreate' | 'restart' | 'reload' | 'delete' | 'none';

export interface FieldDifference {
  readonly field: string;
  /** Left out where the value may be secret. */
  readonly before?: string;
  readonly after?: string;
}

export interface Change {
  /** e.g. `compose:production/web`, `compose:production/network/front`. */
  readonly address: string;
  readonly kind: 'service' | 'network' | 'volume';
  readonly name: string;
  readonly action: ChangeAction;
  readonly cause: string;
  readonly fields: readonly FieldDifference[];
  /** `blocked` changes lose data and are refused. */
  readonly risk: 'none' | 'interrupts' | 'blocked';
  readonly imageBefore?: string;
  readonly imageAfter?: string;
}

export interface Plan {
  readonly changes: readonly Change[];
  /** Whoever applies this exact plan to this exact state gets this hash. */
  readonly hash: string;
  readonly warnings: readonly string[];
}

/** One step of a transaction: a command on the host. */
export interface Step {
  /** `[a-z0-9-]+`, unique within its list. */
  readonly name: string;
  readonly argv: readonly string[];
  readonly timeoutSeconds: number;
}

/** What the host itself checks after a revert: that exactly this runs. */
export interface Expectation {
  readonly service: string;
  readonly configHash: string;
  readonly imageId: string;
  readonly replicas: number;
  readonly role: ServiceRole;
}

/** Both ways as a whole: to the desired state, and back to what was recorded. */
export interface Transaction {
  readonly apply: readonly Step[];
  readonly revert: readonly Step[];
  /** Tried when `revert` fails, before `revert` is tried once more. */
  readonly unwedge: readonly Step[];
  readonly expectAfterRevert: readonly Expectation[];
  /** Small Compose files that lie beside the transaction, by name: what is not to run again. */
  readonly overlays: Readonly<Record<string, string>>;
}

/** The immutable record of a confirmed state, `manifest.json` of a release on the host. */
export interface Release {
  /** `<n>-<sha7>`. */
  readonly name: string;
  readonly number: number;
  readonly commit: string;
  /** Newest first, without `commit`; what a waiting older run compares itself with. */
  readonly ancestors: readonly string[];
  /** Content hash of everything that was uploaded to make it. */
  readonly inputsDigest: string;
  readonly createdAt: string;
  readonly actor: string;
  readonly composeVersion: string;
  readonly engineVersion: string;
  readonly verdict: VerdictName;
  readonly health: HealthSpec;
  readonly desired: Desired;
  /** Content hash of the rendered project and the health spec, before images were pinned. */
  readonly desiredDigest: string;
}

export type VerdictName = 'healthy' | 'degraded' | 'unhealthy' | 'unknown';

/** One observation that a verdict rests on. */
export interface Evidence {
  /** Service or probe. */
  readonly subject: string;
  readonly verdict: VerdictName;
  /** One line: what was seen. */
  readonly seen: string;
  /** Last lines of the log or of the health log, on failure. */
  readonly log?: string;
}

export interface Verdict {
  readonly verdict: VerdictName;
  readonly evidence: readonly Evidence[];
}

export type Outcome =
  | 'deployed'
  | 'unchanged'
  | 'planned'
  | 'superseded'
  | 'refused'
  | 'failed-before-change'
  | 'rolled-back'
  | 'rollback-failed'
  | 'frozen'
  | 'unknown';

/** Who holds a lease, and why. */
export interface LeaseHolder {
  readonly fence: number;
  readonly holder: string;
  readonly reason: string;
  readonly since: string;
  /** A person's lease has no expiry. */
  readonly purpose: 'automatic' | 'human';
  readonly commit: string;
}
