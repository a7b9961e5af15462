/**
 * A Compose project in its canonical form, as `docker compose config --format json` prints it: long syntaxes, merged,
 * interpolated. Only what is read here has a type of its own; everything else is `unknown`. The schema has read it.
 * https://github.com/compose-spec/compose-spec/blob/main/spec.md
 */
export interface ProjectModel {
  readonly name?: string;
  readonly services?: Readonly<Record<string, ServiceModel>>;
  readonly networks?: Readonly<Record<string, NetworkModel>>;
  readonly volumes?: Readonly<Record<string, VolumeModel>>;
  readonly secrets?: Readonly<Record<string, FileModel>>;
  readonly configs?: Readonly<Record<string, FileModel>>;
  readonly [extension: `x-${string}`]: unknown;
}

export interface ServiceModel {
  readonly image?: string;
  readonly build?: BuildModel;
  readonly command?: readonly string[] | null;
  readonly entrypoint?: readonly string[] | null;
  readonly container_name?: string;
  readonly hostname?: string;
  readonly user?: string;
  readonly ports?: readonly PortModel[];
  readonly expose?: readonly string[];
  readonly volumes?: readonly MountModel[];
  readonly tmpfs?: readonly string[];
  /** `null` for a variable that is taken from the environment of Compose. Files of `env_file` are not read into it. */
  readonly environment?: Readonly<Record<string, string | null>>;
  readonly env_file?: readonly EnvFileModel[];
  readonly labels?: Readonly<Record<string, string>>;
  readonly healthcheck?: HealthcheckModel;
  readonly depends_on?: Readonly<Record<string, DependencyModel>>;
  readonly networks?: Readonly<Record<string, unknown>>;
  readonly network_mode?: string;
  readonly pid?: string;
  readonly ipc?: string;
  readonly userns_mode?: string;
  readonly privileged?: boolean;
  readonly read_only?: boolean;
  readonly init?: boolean;
  readonly cap_add?: readonly string[];
  readonly cap_drop?: readonly string[];
  readonly devices?: readonly unknown[];
  readonly security_opt?: readonly string[];
  readonly sysctls?: Readonly<Record<string, unknown>>;
  readonly extra_hosts?: readonly string[];
  readonly profiles?: readonly string[];
  readonly restart?: string;
  readonly pull_policy?: string;
  readonly platform?: string;
  readonly deploy?: DeployModel;
  readonly scale?: number;
  readonly cpus?: number;
  /** Bytes as a whole number in a text, as Compose prints them. */
  readonly mem_limit?: string;
  readonly mem_reservation?: string;
  readonly pids_limit?: number;
  readonly stop_grace_period?: string;
  readonly stop_signal?: string;
  readonly logging?: LoggingModel;
  readonly secrets?: readonly FileUseModel[];
  readonly configs?: readonly FileUseModel[];
  readonly volumes_from?: readonly string[];
  readonly links?: readonly string[];
  readonly [other: string]: unknown;
}

export interface BuildModel {
  readonly context?: string;
  readonly dockerfile?: string;
  readonly args?: Readonly<Record<string, string | null>>;
  readonly target?: string;
  readonly [other: string]: unknown;
}

export interface PortModel {
  readonly target?: number;
  /** A port or a range such as `8000-8010`; left out if Docker chooses. */
  readonly published?: string;
  readonly protocol?: string;
  readonly host_ip?: string;
  readonly mode?: string;
  readonly [other: string]: unknown;
}

export interface MountModel {
  readonly type?: string;
  /** For binds relative to the root of the repository, or absolute on the host; for volumes a name of `volumes`. */
  readonly source?: string;
  readonly target?: string;
  readonly read_only?: boolean;
  readonly bind?: { readonly create_host_path?: boolean; readonly propagation?: string; readonly selinux?: string };
  readonly volume?: { readonly nocopy?: boolean; readonly subpath?: string };
  readonly [other: string]: unknown;
}

export interface EnvFileModel {
  /** Relative to the root of the repository. */
  readonly path?: string;
  readonly required?: boolean;
  readonly format?: string;
}

export interface HealthcheckModel {
  readonly test?: readonly string[];
  readonly interval?: string;
  readonly timeout?: string;
  readonly retries?: number;
  readonly start_period?: string;
  readonly start_interval?: string;
  readonly disable?: boolean;
  readonly [other: string]: unknown;
}

export interface DependencyModel {
  readonly condition?: string;
  readonly restart?: boolean;
  readonly required?: boolean;
}

export interface DeployModel {
  readonly mode?: string;
  readonly replicas?: number;
  readonly labels?: Readonly<Record<string, string>>;
  readonly resources?: { readonly limits?: ResourcesModel; readonly reservations?: ResourcesModel };
  readonly restart_policy?: Readonly<Record<string, unknown>>;
  readonly [other: string]: unknown;
}

export interface ResourcesModel {
  readonly cpus?: string | number;
  readonly memory?: string;
  readonly pids?: number;
  readonly [other: string]: unknown;
}

export interface LoggingModel {
  readonly driver?: string;
  readonly options?: Readonly<Record<string, string | number | null>>;
}

/** How a service uses one of `secrets` or `configs`. */
export interface FileUseModel {
  readonly source?: string;
  readonly target?: string;
  readonly uid?: string;
  readonly gid?: string;
  readonly mode?: string;
}

export interface NetworkModel {
  readonly name?: string;
  readonly driver?: string;
  readonly external?: boolean;
  readonly internal?: boolean;
  readonly [other: string]: unknown;
}

export interface VolumeModel {
  readonly name?: string;
  readonly driver?: string;
  readonly external?: boolean;
  readonly driver_opts?: Readonly<Record<string, string>>;
  readonly [other: string]: unknown;
}

/** An entry of `secrets` or `configs`. */
export interface FileModel {
  readonly name?: string;
  /** Relative to the root of the repository. */
  readonly file?: string;
  readonly environment?: string;
  readonly content?: string;
  readonly external?: boolean;
  readonly [other: string]: unknown;
}
