import * as v from 'valibot';
import { count, flag, text, textMap, texts } from './docker-json.ts';

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

/** How the host treats a container: `HostConfig` of its inspection. */
export const HostConfig = v.object({
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
