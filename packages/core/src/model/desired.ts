export type PullPolicy = 'missing' | 'always' | 'never';

export type ServiceRole = 'service' | 'job' | 'optional';

/** A service made concrete by the host: what Compose will be given, pinned. */
export interface DesiredService {
  /** The stack it belongs to, which is its Compose project. */
  readonly stack: string;
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
  readonly stack: string;
  /** The key in the Compose file. */
  readonly key: string;
  /** The name on the host. */
  readonly name: string;
  readonly external: boolean;
  readonly definition: Readonly<Record<string, unknown>>;
}

export interface DesiredVolume {
  readonly stack: string;
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

/** A service by the names that tell it from all others on a target. */
export interface ServiceKey {
  readonly stack: string;
  readonly name: string;
}

/** A writable bind of the repository: where an application keeps what it writes. */
export interface DataPath {
  readonly stack: string;
  /** As the Compose file says it, relative to the stack's folder; it stays the same when that folder moves. */
  readonly path: string;
  /** Absolute path on the host. Once chosen it is kept, whatever the stack or its folder is called later. */
  readonly source: string;
}

/** Declared made concrete by the target itself: all stacks of the environment that run there. */
export interface Desired {
  /** In the order of `environment.yml`, which is the order in which they are brought up. */
  readonly stacks: readonly string[];
  readonly services: readonly DesiredService[];
  readonly networks: readonly DesiredNetwork[];
  readonly volumes: readonly DesiredVolume[];
  readonly objects: readonly MountedObject[];
  readonly data: readonly DataPath[];
  /** Services that the files name and no active profile starts: known, so never orphans. */
  readonly inactiveServices: readonly ServiceKey[];
  /** Absolute bind sources: the host's own files. */
  readonly hostPaths: readonly string[];
}
