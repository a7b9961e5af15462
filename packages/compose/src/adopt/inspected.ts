import * as v from 'valibot';
import { count, flag, names, text, textMap, texts } from './docker-json.ts';
import { HostConfig } from './inspected-host.ts';

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
export type DeclaredMount = InspectedContainer['HostConfig']['Mounts'][number];
export type Healthcheck = v.InferOutput<typeof Healthcheck>;
export type Engine = v.InferOutput<typeof Engine>;
