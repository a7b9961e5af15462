import * as v from 'valibot';

const text = v.nullish(v.string(), '');
const count = v.nullish(v.number(), 0);
const flag = v.nullish(v.boolean(), false);
const texts = v.nullish(v.array(v.string()), []);
const textMap = v.nullish(v.record(v.string(), v.string()), {});
/** Docker writes sets as maps of empty objects. */
const names = v.nullish(v.record(v.string(), v.unknown()), {});

const Healthcheck = v.object({
  Test: texts,
  Interval: count,
  Timeout: count,
  StartPeriod: count,
  StartInterval: count,
  Retries: count,
});

/** What a container and its image both say of the process. */
const Process = {
  User: text,
  WorkingDir: text,
  Env: texts,
  Cmd: texts,
  Entrypoint: texts,
  Labels: textMap,
  ExposedPorts: names,
  StopSignal: text,
  Volumes: names,
  Healthcheck: v.nullish(Healthcheck),
};

const Config = v.object({
  ...Process,
  Image: v.string(),
  Hostname: text,
  Domainname: text,
  MacAddress: text,
  Tty: flag,
  OpenStdin: flag,
  StopTimeout: v.nullish(v.number()),
});

const Binding = v.object({ HostIp: text, HostPort: text });

const DeclaredMount = v.object({
  Type: v.string(),
  Source: text,
  Target: v.string(),
  ReadOnly: flag,
  BindOptions: v.nullish(
    v.object({
      Propagation: text,
      NonRecursive: flag,
      CreateMountpoint: flag,
      ReadOnlyNonRecursive: flag,
      ReadOnlyForceRecursive: flag,
    }),
  ),
  VolumeOptions: v.nullish(v.object({ NoCopy: flag, Subpath: text })),
  TmpfsOptions: v.nullish(v.object({ SizeBytes: count, Mode: count })),
  ImageOptions: v.nullish(v.object({ Subpath: text })),
});

const Throttle = v.nullish(v.array(v.object({ Path: v.string(), Rate: v.number() })), []);

const HostConfig = v.object({
  Binds: texts,
  Mounts: v.nullish(v.array(DeclaredMount), []),
  Tmpfs: textMap,
  VolumesFrom: texts,
  NetworkMode: text,
  PortBindings: v.nullish(v.record(v.string(), v.nullish(v.array(Binding), [])), {}),
  Links: texts,
  ExtraHosts: texts,
  Dns: texts,
  DnsOptions: texts,
  DnsSearch: texts,
  RestartPolicy: v.object({ Name: text, MaximumRetryCount: count }),
  LogConfig: v.object({ Type: text, Config: textMap }),
  CapAdd: texts,
  CapDrop: texts,
  Privileged: flag,
  ReadonlyRootfs: flag,
  SecurityOpt: texts,
  MaskedPaths: v.nullish(v.array(v.string())),
  GroupAdd: texts,
  Devices: v.nullish(
    v.array(v.object({ PathOnHost: v.string(), PathInContainer: v.string(), CgroupPermissions: text })),
    [],
  ),
  DeviceCgroupRules: texts,
  DeviceRequests: v.nullish(
    v.array(
      v.object({
        Driver: text,
        Count: count,
        DeviceIDs: texts,
        Capabilities: v.nullish(v.array(v.array(v.string())), []),
        Options: textMap,
      }),
    ),
    [],
  ),
  Init: v.nullish(v.boolean()),
  IpcMode: text,
  PidMode: text,
  UTSMode: text,
  UsernsMode: text,
  CgroupnsMode: text,
  CgroupParent: text,
  Runtime: text,
  StorageOpt: textMap,
  Annotations: textMap,
  ShmSize: count,
  Sysctls: textMap,
  Ulimits: v.nullish(v.array(v.object({ Name: v.string(), Soft: v.number(), Hard: v.number() })), []),
  Memory: count,
  MemoryReservation: count,
  MemorySwap: count,
  MemorySwappiness: v.nullish(v.number()),
  NanoCpus: count,
  CpuShares: count,
  CpuPeriod: count,
  CpuQuota: count,
  CpuRealtimePeriod: count,
  CpuRealtimeRuntime: count,
  CpusetCpus: text,
  PidsLimit: v.nullish(v.number()),
  OomKillDisable: flag,
  OomScoreAdj: count,
  BlkioWeight: count,
  BlkioWeightDevice: v.nullish(v.array(v.object({ Path: v.string(), Weight: v.number() })), []),
  BlkioDeviceReadBps: Throttle,
  BlkioDeviceWriteBps: Throttle,
  BlkioDeviceReadIOps: Throttle,
  BlkioDeviceWriteIOps: Throttle,
});

const Endpoint = v.object({
  IPAMConfig: v.nullish(v.object({ IPv4Address: text, IPv6Address: text, LinkLocalIPs: texts })),
  Links: texts,
  Aliases: texts,
  DriverOpts: textMap,
  GwPriority: count,
});

const ActualMount = v.object({
  Type: v.string(),
  Name: text,
  Source: text,
  Destination: v.string(),
  RW: flag,
});

/** A container as `docker container inspect` prints it: what Compose can have set, and little else. */
export const InspectedContainer = v.object({
  Id: v.string(),
  Name: v.string(),
  Image: v.string(),
  State: v.object({ Status: v.string(), ExitCode: count }),
  Config,
  HostConfig,
  Mounts: v.nullish(v.array(ActualMount), []),
  NetworkSettings: v.object({ Networks: v.nullish(v.record(v.string(), Endpoint), {}) }),
});

export const InspectedImage = v.object({ Id: v.string(), Config: v.nullish(v.object(Process)) });

export const InspectedNetwork = v.object({
  Name: v.string(),
  Driver: text,
  EnableIPv4: v.nullish(v.boolean(), true),
  EnableIPv6: flag,
  Internal: flag,
  Attachable: flag,
  Options: textMap,
  Labels: textMap,
  IPAM: v.object({
    Driver: text,
    Config: v.nullish(
      v.array(v.object({ Subnet: text, Gateway: text, IPRange: text, AuxiliaryAddresses: textMap })),
      [],
    ),
  }),
});

export const InspectedVolume = v.object({
  Name: v.string(),
  Driver: text,
  Options: textMap,
  Labels: textMap,
});

/** What of `docker info` decides how a container's settings read. */
export const Engine = v.object({
  Name: text,
  DefaultRuntime: text,
  LoggingDriver: text,
  CgroupVersion: text,
});

export type InspectedContainer = v.InferOutput<typeof InspectedContainer>;
export type InspectedImage = v.InferOutput<typeof InspectedImage>;
export type InspectedNetwork = v.InferOutput<typeof InspectedNetwork>;
export type InspectedVolume = v.InferOutput<typeof InspectedVolume>;
export type DeclaredMount = v.InferOutput<typeof DeclaredMount>;
export type Healthcheck = v.InferOutput<typeof Healthcheck>;
export type Engine = v.InferOutput<typeof Engine>;
