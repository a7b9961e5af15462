import {
  type ContainerState,
  GitopsError,
  type Live,
  type LiveContainer,
  type LiveContainers,
  type LiveHealth,
  type LiveLimits,
  type LiveNetwork,
  type UnmanagedContainer,
} from '@gitops/core';
import * as v from 'valibot';
import { thousandths } from './by-hand.ts';
import { OWN_HASH } from './pin.ts';

const PROJECT = 'com.docker.compose.project';

const Health = v.looseObject({
  Status: v.string(),
  Log: v.optional(v.nullable(v.array(v.looseObject({ End: v.string(), Output: v.string() })))),
});

const Container = v.looseObject({
  Id: v.string(),
  Name: v.string(),
  Image: v.string(),
  RestartCount: v.number(),
  State: v.looseObject({
    Status: v.picklist(['created', 'running', 'paused', 'restarting', 'removing', 'exited', 'dead']),
    ExitCode: v.number(),
    OOMKilled: v.boolean(),
    StartedAt: v.string(),
    Health: v.optional(v.nullable(Health)),
  }),
  Config: v.looseObject({ Labels: v.optional(v.nullable(v.record(v.string(), v.string()))) }),
  HostConfig: v.looseObject({
    RestartPolicy: v.looseObject({ Name: v.string() }),
    Memory: v.optional(v.number()),
    MemoryReservation: v.optional(v.number()),
    NanoCpus: v.optional(v.number()),
    CpuShares: v.optional(v.number()),
    CpusetCpus: v.optional(v.string()),
    PidsLimit: v.optional(v.nullable(v.number())),
  }),
  NetworkSettings: v.looseObject({ Networks: v.optional(v.nullable(v.record(v.string(), v.unknown()))) }),
});

const Labels = v.optional(v.nullable(v.record(v.string(), v.string())));

const Network = v.looseObject({
  Name: v.string(),
  Labels,
  Containers: v.optional(v.nullable(v.record(v.string(), v.looseObject({ Name: v.string() })))),
});

const Volume = v.looseObject({
  Name: v.string(),
  Labels,
  Driver: v.string(),
  Options: v.optional(v.nullable(v.record(v.string(), v.string()))),
});

/** Output of the program `observe`, by its parts. Throws `GitopsError` for what Docker would not say. */
export function parseLive(parts: ReadonlyMap<string, string>, label: string): Live {
  const { at, containers } = parseContainers(parts, label);
  const own = new Set(containers.map(({ id }) => id));
  return {
    at,
    containers,
    networks: readJson(v.array(Network), text(parts, 'networks')).map((each) => network(each, own)),
    volumes: readJson(v.array(Volume), text(parts, 'volumes')).map(({ Name, Labels, Driver, Options }) => ({
      stack: Labels?.[PROJECT] ?? '',
      name: Name,
      driver: Driver,
      driverOptions: Options ?? {},
    })),
    damagedObjects: [],
    unmanaged: text(parts, 'unmanaged')
      .split('\n')
      .filter((line) => line !== '')
      .map(unmanaged),
  };
}

/** Output of the program `look`, by its parts. Throws `GitopsError` for what Docker would not say. */
export function parseContainers(parts: ReadonlyMap<string, string>, label: string): LiveContainers {
  const [code, ...said] = text(parts, 'docker').split('\n');
  if (code !== '0') throw dockerUnusable(label, said.join('\n').trim());
  const unread = text(parts, 'error').split('\n').filter(isFailure);
  if (unread.length > 0) throw dockerUnusable(label, unread.join('\n'));
  const containers = readJson(v.array(Container), text(parts, 'containers')).map(container);
  return { at: Number(text(parts, 'clock')) * 1000, containers };
}

/** Says what is missing on the host, and how to mend it. */
export function dockerUnusable(label: string, words: string): GitopsError {
  const said = withoutShell(words);
  const missing = /not found|no such file/i.test(said) && !/docker\.sock/i.test(said);
  const bySudo = /^sudo: /m.test(said);
  const denied = bySudo || /permission denied/i.test(said);
  const remedy = missing
    ? 'install Docker Engine and the Compose plugin on the host'
    : refusedRemedy(label, denied, bySudo);
  const code = missing ? 'docker-missing' : denied ? 'docker-denied' : 'docker-down';
  return new GitopsError(code, { attempted: `use Docker on ${label}`, seen: said || 'no answer', remedy });
}

function refusedRemedy(label: string, denied: boolean, bySudo: boolean): string {
  const user = label.split('@')[0];
  if (bySudo) {
    return `let the SSH user call it without a password; in /etc/sudoers.d/gitops: ${user} ALL=(root) NOPASSWD: /usr/bin/docker`;
  }
  return denied
    ? `let the SSH user reach Docker: \`sudo usermod -aG docker ${user}\`, then connect again`
    : 'start the Docker daemon on the host: `sudo systemctl start docker`';
}

/** `gitops: 86: docker: not found` → `docker: not found`, as the shell's own name and line tell nobody anything. */
function withoutShell(words: string): string {
  return words.replace(/^\S+: (?:line )?\d+: /, '');
}

/** What is gone between the list and the look is no failure, and neither is a warning of the client. */
function isFailure(line: string): boolean {
  return /^(?:Error|Cannot connect)/i.test(line) && !/no such|not found/i.test(line);
}

function text(parts: ReadonlyMap<string, string>, name: string): string {
  return parts.get(name)?.trim() ?? '';
}

function readJson<T>(schema: v.GenericSchema<unknown, T>, json: string): T {
  return v.parse(schema, JSON.parse(json === '' ? '[]' : json));
}

/** `ID|PROJECT|NAME|PORTS` */
function unmanaged(line: string): UnmanagedContainer {
  const [, stack = '', name = '', ports = ''] = line.split('|');
  return { stack, name, ports: ports.split(', ').filter((port) => port !== '') };
}

function container(each: v.InferOutput<typeof Container>): LiveContainer {
  const labels = each.Config.Labels ?? {};
  const owner = { name: labels['gitops.name'], environment: labels['gitops.environment'] };
  const health = each.State.Health ? liveHealth(each.State.Health) : undefined;
  const state: ContainerState = each.State.Status;
  return {
    id: each.Id,
    name: each.Name.replace(/^\//, ''),
    stack: labels[PROJECT] ?? '',
    service: labels['com.docker.compose.service'] ?? '',
    configHash: labels[OWN_HASH] ?? labels['com.docker.compose.config-hash'] ?? '',
    imageId: each.Image,
    state,
    exitCode: each.State.ExitCode,
    oomKilled: each.State.OOMKilled,
    restartCount: each.RestartCount,
    restartPolicy: each.HostConfig.RestartPolicy.Name,
    startedAt: instant(each.State.StartedAt),
    networks: Object.keys(each.NetworkSettings.Networks ?? {}).sort(),
    limits: limits(each.HostConfig),
    oneOff: labels['com.docker.compose.oneoff'] === 'True',
    ...(health && { health }),
    ...(owner.name !== undefined &&
      owner.environment !== undefined && { owner: { name: owner.name, environment: owner.environment } }),
  };
}

function limits(said: v.InferOutput<typeof Container>['HostConfig']): LiveLimits {
  const { Memory = 0, MemoryReservation = 0, NanoCpus = 0, CpuShares = 0, CpusetCpus = '', PidsLimit } = said;
  const pids = PidsLimit ?? 0;
  return {
    ...(Memory > 0 && { memory: Memory }),
    ...(MemoryReservation > 0 && { 'reserved memory': MemoryReservation }),
    ...(NanoCpus > 0 && { CPUs: thousandths(NanoCpus / 1e9) }),
    ...(CpuShares > 0 && { 'CPU shares': CpuShares }),
    ...(CpusetCpus !== '' && { 'CPU set': CpusetCpus }),
    ...(pids > 0 && { processes: pids }),
  };
}

function liveHealth({ Status, Log }: v.InferOutput<typeof Health>): LiveHealth | undefined {
  if (Status !== 'healthy' && Status !== 'unhealthy' && Status !== 'starting') return undefined;
  const last = Log?.at(-1);
  return { status: Status, checkedAt: instant(last?.End ?? ''), output: (last?.Output ?? '').trim().slice(0, 1000) };
}

function network({ Name, Labels, Containers }: v.InferOutput<typeof Network>, own: ReadonlySet<string>): LiveNetwork {
  const foreign = Object.entries(Containers ?? {}).filter(([id]) => !own.has(id));
  return { stack: Labels?.[PROJECT] ?? '', name: Name, foreign: foreign.map(([, each]) => each.Name) };
}

/** Docker prints year 1 for «never»; it gives nanoseconds, which `Date` reads down to milliseconds. */
function instant(said: string): number {
  const ms = Date.parse(said);
  return Number.isNaN(ms) || ms < 0 ? 0 : ms;
}
