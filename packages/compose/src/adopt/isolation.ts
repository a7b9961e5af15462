import type { ContainerNames } from './container-names.ts';
import { type Definition, given } from './definition.ts';
import type { Engine, InspectedContainer } from './inspected.ts';

type HostConfig = InspectedContainer['HostConfig'];

/** What the container may do and see of the host, when it restarts and where it logs. */
export function isolationFields(host: HostConfig, engine: Engine, names: ContainerNames): Definition {
  return given({
    restart: restart(host.RestartPolicy),
    logging: logging(host.LogConfig, engine),
    privileged: host.Privileged,
    read_only: host.ReadonlyRootfs,
    cap_add: host.CapAdd,
    cap_drop: host.CapDrop,
    security_opt: securityOptions(host),
    group_add: host.GroupAdd,
    pid: names.shared(host.PidMode),
    ipc: host.IpcMode === 'private' ? '' : names.shared(host.IpcMode),
    uts: host.UTSMode,
    userns_mode: host.UsernsMode,
    cgroup: host.CgroupnsMode === defaultCgroup(engine) ? '' : host.CgroupnsMode,
    runtime: host.Runtime === engine.DefaultRuntime ? '' : host.Runtime,
    annotations: host.Annotations,
  });
}

function restart({ Name, MaximumRetryCount }: HostConfig['RestartPolicy']): string {
  return Name === 'on-failure' && MaximumRetryCount > 0 ? `${Name}:${MaximumRetryCount}` : Name;
}

function logging({ Type, Config }: HostConfig['LogConfig'], engine: Engine): Definition {
  if (Type === engine.LoggingDriver && Object.keys(Config).length === 0) return {};
  return given({ driver: Type, options: Config });
}

function defaultCgroup({ CgroupVersion }: Engine): string {
  return CgroupVersion === '1' ? 'host' : 'private';
}

/** Compose turns `systempaths=unconfined` into empty lists, and a seccomp profile's path into its content. */
function securityOptions({ SecurityOpt, MaskedPaths, Privileged }: HostConfig): readonly string[] {
  const open = MaskedPaths?.length === 0 && !Privileged;
  const kept = SecurityOpt.filter((option) => !isSeccompContent(option));
  return open ? [...kept, 'systempaths=unconfined'] : kept;
}

/** A profile that was given by its path; inspect has its content, and Compose can be given only a path. */
export function isSeccompContent(option: string): boolean {
  return /^seccomp[=:]\s*\{/.test(option);
}
