import { At, type Change, changeKeys } from './at.ts';
import type { Faults } from './faults.ts';
import type { PlainMap } from './plain.ts';
import {
  below,
  byteSize,
  command,
  count,
  countOrAll,
  decimal,
  each,
  fileMode,
  flag,
  healthTest,
  hosts,
  inItems,
  labels,
  limit,
  manyTexts,
  sshKeys,
  stringList,
  text,
  texts,
  time,
  variables,
  whole,
} from './typed-values.ts';

/** Reads texts as what they stand for: durations, sizes, numbers, commands, and lists of `key=value` as mappings. */
export function typedProject(project: PlainMap, faults: Faults): PlainMap {
  return changeKeys(project, PROJECT, At.root(project, faults));
}

const HOOK = below({ command, privileged: flag, environment: variables });

const ROLLOUT = below({ parallelism: count, delay: time, monitor: time, max_failure_ratio: decimal });

const DEVICES = inItems(below({ count: countOrAll, options: labels }));

const LIMITS = below({ cpus: decimal, memory: byteSize, pids: whole, devices: DEVICES });

const BLKIO = inItems(below({ rate: byteSize, weight: whole }));

const SERVICE: Readonly<Record<string, Change>> = {
  annotations: labels,
  attach: flag,
  blkio_config: below({
    device_read_bps: BLKIO,
    device_read_iops: BLKIO,
    device_write_bps: BLKIO,
    device_write_iops: BLKIO,
    weight: whole,
    weight_device: BLKIO,
  }),
  build: below({
    args: variables,
    extra_hosts: hosts,
    labels,
    no_cache: flag,
    privileged: flag,
    pull: flag,
    secrets: inItems(below({ mode: fileMode })),
    shm_size: byteSize,
    ssh: sshKeys,
    ulimits: each(limit),
  }),
  command,
  configs: inItems(below({ mode: fileMode })),
  cpu_count: whole,
  cpu_percent: decimal,
  cpu_period: whole,
  cpu_quota: whole,
  cpu_rt_period: whole,
  cpu_rt_runtime: whole,
  cpu_shares: whole,
  cpus: decimal,
  deploy: below({
    labels,
    placement: below({ max_replicas_per_node: count }),
    replicas: count,
    resources: below({ limits: LIMITS, reservations: LIMITS }),
    restart_policy: below({ delay: time, max_attempts: count, window: time }),
    rollback_config: ROLLOUT,
    update_config: ROLLOUT,
  }),
  develop: below({ watch: inItems(below({ exec: HOOK, ignore: stringList, include: stringList })) }),
  dns_search: stringList,
  entrypoint: command,
  env_file: inItems(below({ required: flag })),
  environment: variables,
  expose: texts,
  extra_hosts: hosts,
  gpus: DEVICES,
  group_add: texts,
  healthcheck: below({
    disable: flag,
    interval: time,
    retries: count,
    start_interval: time,
    start_period: time,
    test: healthTest,
    timeout: time,
  }),
  init: flag,
  labels,
  logging: below({ options: each(text) }),
  mem_limit: byteSize,
  mem_reservation: byteSize,
  mem_swappiness: byteSize,
  memswap_limit: byteSize,
  networks: each(below({ driver_opts: each(text) })),
  oom_kill_disable: flag,
  oom_score_adj: whole,
  pids_limit: whole,
  ports: inItems(below({ target: whole, published: text })),
  post_start: inItems(HOOK),
  pre_stop: inItems(HOOK),
  privileged: flag,
  provider: below({ options: each(manyTexts) }),
  read_only: flag,
  scale: count,
  secrets: inItems(below({ mode: fileMode })),
  shm_size: byteSize,
  stdin_open: flag,
  stop_grace_period: time,
  storage_opt: each(text),
  sysctls: labels,
  tmpfs: stringList,
  tty: flag,
  ulimits: each(limit),
  volumes: inItems(
    below({
      read_only: flag,
      bind: below({ create_host_path: flag }),
      volume: below({ nocopy: flag, labels }),
      tmpfs: below({ size: byteSize }),
    }),
  ),
};

const RESOURCE = below({ attachable: flag, driver_opts: each(text), external: flag, internal: flag, labels });

const NETWORK: Change = (value, at) =>
  RESOURCE(below({ enable_ipv4: flag, enable_ipv6: flag, ipam: below({ options: each(text) }) })(value, at), at);

const PROJECT: Readonly<Record<string, Change>> = {
  services: each(below(SERVICE)),
  networks: each(NETWORK),
  volumes: each(RESOURCE),
  secrets: each(RESOURCE),
  configs: each(RESOURCE),
};
