import { bytes, type Definition, given } from './definition.ts';
import type { InspectedContainer } from './inspected.ts';

type HostConfig = InspectedContainer['HostConfig'];

/** Shares of the machine, and devices. */
export function limitFields(host: HostConfig): Definition {
  return {
    ...given({
      ...memoryFields(host),
      ...processorFields(host),
      ulimits: Object.fromEntries(host.Ulimits.map(({ Name, Soft, Hard }) => [Name, { soft: Soft, hard: Hard }])),
      sysctls: host.Sysctls,
      pids_limit: host.PidsLimit,
      oom_kill_disable: host.OomKillDisable,
      oom_score_adj: host.OomScoreAdj,
      cgroup_parent: host.CgroupParent,
      storage_opt: host.StorageOpt,
      blkio_config: blockFields(host),
      devices: host.Devices.map(device),
      device_cgroup_rules: host.DeviceCgroupRules,
      deploy: reservations(host),
    }),
    ...(host.MemorySwappiness != null &&
      host.MemorySwappiness >= 0 && { mem_swappiness: String(host.MemorySwappiness) }),
  };
}

const SHM_DEFAULT = 64 * 1024 * 1024;

/** Without a limit for swap, Docker writes down twice the memory. */
function memoryFields({ Memory, MemoryReservation, MemorySwap, ShmSize }: HostConfig): Definition {
  return {
    mem_limit: bytes(Memory),
    mem_reservation: bytes(MemoryReservation),
    memswap_limit: MemorySwap === 2 * Memory ? '' : bytes(MemorySwap),
    shm_size: ShmSize === SHM_DEFAULT ? '' : bytes(ShmSize),
  };
}

function processorFields(host: HostConfig): Definition {
  return {
    cpus: host.NanoCpus / 1e9,
    cpu_shares: host.CpuShares,
    cpu_period: host.CpuPeriod,
    cpu_quota: host.CpuQuota,
    cpu_rt_period: host.CpuRealtimePeriod,
    cpu_rt_runtime: host.CpuRealtimeRuntime,
    cpuset: host.CpusetCpus,
  };
}

function blockFields(host: HostConfig): Definition {
  return given({
    weight: host.BlkioWeight,
    weight_device: host.BlkioWeightDevice.map(({ Path, Weight }) => ({ path: Path, weight: Weight })),
    device_read_bps: host.BlkioDeviceReadBps.map(rate),
    device_write_bps: host.BlkioDeviceWriteBps.map(rate),
    device_read_iops: host.BlkioDeviceReadIOps.map(rate),
    device_write_iops: host.BlkioDeviceWriteIOps.map(rate),
  });
}

function rate({ Path, Rate }: { Path: string; Rate: number }): Definition {
  return { path: Path, rate: String(Rate) };
}

function device({ PathOnHost, PathInContainer, CgroupPermissions }: HostConfig['Devices'][number]): string {
  return [PathOnHost, PathInContainer, CgroupPermissions || 'rwm'].join(':');
}

/** Graphics cards and the like. */
function reservations({ DeviceRequests }: HostConfig): Definition {
  if (DeviceRequests.length === 0) return {};
  const devices = DeviceRequests.map(({ Driver, Count, DeviceIDs, Capabilities, Options }) =>
    given({
      driver: Driver,
      count: Count === -1 ? 'all' : Count,
      device_ids: DeviceIDs,
      capabilities: Capabilities.flat(),
      options: Options,
    }),
  );
  return { resources: { reservations: { devices } } };
}
