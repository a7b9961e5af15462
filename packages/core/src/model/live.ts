export type ContainerState = 'created' | 'running' | 'paused' | 'restarting' | 'removing' | 'exited' | 'dead';

export interface LiveContainer {
  readonly id: string;
  readonly name: string;
  /** The Compose project it is labelled with. */
  readonly stack: string;
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
  readonly limits: LiveLimits;
  /** `gitops.name` and `gitops.environment`, if the container carries them. */
  readonly owner?: { readonly name: string; readonly environment: string };
  readonly oneOff: boolean;
}

/** Those that are set: an Engine that can't set one drops it. Memory in bytes. */
export interface LiveLimits {
  readonly memory?: number;
  readonly 'reserved memory'?: number;
  readonly CPUs?: number;
  readonly 'CPU shares'?: number;
  readonly 'CPU set'?: string;
  readonly processes?: number;
}

export interface LiveHealth {
  readonly status: 'starting' | 'healthy' | 'unhealthy';
  /** End of the last check, milliseconds since the epoch by the host's clock; `0` if there was none. */
  readonly checkedAt: number;
  /** Output of the last check, cut to 1000 characters. */
  readonly output: string;
}

export interface LiveNetwork {
  readonly stack: string;
  readonly name: string;
  /** Names of attached containers that do not belong to the project. */
  readonly foreign: readonly string[];
}

export interface LiveVolume {
  readonly stack: string;
  readonly name: string;
  readonly driver: string;
  readonly driverOptions: Readonly<Record<string, string>>;
}

export interface UnmanagedContainer {
  readonly name: string;
  /** Its Compose project; empty if it has none. */
  readonly stack: string;
  /** What it publishes on the host, as Docker prints it: `0.0.0.0:80->80/tcp`. */
  readonly ports: readonly string[];
}

/** As much of what runs as a verdict is made of. */
export interface LiveContainers {
  /** The host's clock at the reading, milliseconds since the epoch. */
  readonly at: number;
  readonly containers: readonly LiveContainer[];
}

/** What runs, read in one round trip. */
export interface Live extends LiveContainers {
  readonly networks: readonly LiveNetwork[];
  readonly volumes: readonly LiveVolume[];
  /** Digests of mounted objects that are missing or were tampered with. */
  readonly damagedObjects: readonly string[];
  /** Containers of the host outside of these stacks: never touched. */
  readonly unmanaged: readonly UnmanagedContainer[];
}
